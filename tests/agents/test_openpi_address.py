"""Addresses: every option is read or refused, and a key is never told."""

import re

import pytest

from switch_bench.agents.errors import AgentError
from switch_bench.agents.openpi_address import OBSERVATIONS, Address, is_address, parse, shown
from switch_bench.envs.observe import PRIVILEGED

HOST = "ws://127.0.0.1:8000"


def test_an_address_alone_has_the_defaults() -> None:
    assert parse(HOST, {}) == Address(HOST)
    assert parse("wss://policy.example/v1/", {}).url == "wss://policy.example/v1"
    assert parse("ws://[::1]:8000", {}).url == "ws://[::1]:8000"


def test_every_option_is_read() -> None:
    options = (
        "replan=8&size=320x240&key=prompt&key=observation/exterior_image_1_left:rgb&timeout=30&connect_timeout=2.5&tries=3"
        "&backoff=0&max_bytes=4096&api_key=s3cret"
    )
    assert parse(f"{HOST}?{options}", {}) == Address(
        HOST,
        api_key="s3cret",
        replan=8,
        size=(320, 240),
        keys=(("prompt", "instruction"), ("observation/exterior_image_1_left", "rgb")),
        timeout=30.0,
        connect_timeout=2.5,
        tries=3,
        backoff=0.0,
        max_bytes=4096,
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ws://", "names no host"),
        ("ws://?replan=1", "names no host"),
        ("ws://host:port", "not an address"),
        ("ws://host:99999", "not an address"),
        ("ws://me:pw@host:1", "holds a user or password"),
        (f"{HOST}#top", "after #"),
        (f"{HOST}?replan", "not an address"),
        (f"{HOST}?repln=8", "unknown option 'repln'.*Did you mean 'replan'"),
        (f"{HOST}?replan=8&replan=9", "replan is given twice"),
        (f"{HOST}?replan=0", "replan='0'.*1 or more"),
        (f"{HOST}?replan=two", "replan='two'"),
        (f"{HOST}?timeout=0", "timeout='0'.*seconds"),
        (f"{HOST}?timeout=nan", "timeout='nan'"),
        (f"{HOST}?timeout=soon", "timeout='soon'"),
        (f"{HOST}?tries=0", "tries='0'"),
        (f"{HOST}?max_bytes=10", "max_bytes='10'.*1024 or more"),
        (f"{HOST}?size=224", "size='224'.*WIDTHxHEIGHT"),
        (f"{HOST}?size=8x8", "size=8x8"),
        (f"{HOST}?size=2000x100", "size=2000x100"),
        (f"{HOST}?key=observation/imag", "no observation of that name.*Did you mean 'observation/image'"),
        (f"{HOST}?key=a:state", "no observation 'state'"),
        (f"{HOST}?key=a:segmentation", "no observation 'segmentation'"),
        (f"{HOST}?key=a:rgb&key=a:depth", "one name is given to two"),
        (f"{HOST}?api_key=", "api_key is empty"),
        (f"{HOST}?api_key=a%0Ab", "no header can"),
        (f"{HOST}?api_key=a&api_key_env=B", "both api_key and api_key_env"),
        (f"{HOST}?api_key_env=NOT_SET", "environment variable NOT_SET isn't set"),
    ],
)
def test_what_is_wrong_with_an_address_is_told(name, said) -> None:
    assert is_address(name)
    with pytest.raises(AgentError) as error:
        parse(name, {})
    assert re.search(said, f"{error.value.message} {error.value.hint}"), (error.value.message, error.value.hint)


def test_a_key_comes_from_the_environment() -> None:
    assert parse(HOST, {"SWITCH_BENCH_API_KEY": "from here"}).api_key == "from here"
    assert parse(f"{HOST}?api_key_env=MINE", {"MINE": "mine", "SWITCH_BENCH_API_KEY": "other"}).api_key == "mine"
    assert parse(f"{HOST}?api_key=said", {"SWITCH_BENCH_API_KEY": "other"}).api_key == "said"


def test_the_identity_holds_what_decides_and_no_secret() -> None:
    address = parse(f"{HOST}/a?api_key=s3cret&timeout=9&tries=2&replan=8&size=64x48&key=prompt&key=cam%3A1:rgb", {})
    assert address.identity == f"{HOST}/a?key=prompt:instruction&key=cam%3A1:rgb&replan=8&size=64x48"
    again = parse(address.identity, {})
    assert (again.url, again.replan, again.size, again.keys) == (address.url, 8, (64, 48), address.keys)
    assert "s3cret" not in repr(address)


@pytest.mark.parametrize("name", [f"{HOST}?api_key=s3cret&x", "ws://me:s3cret@127.0.0.1:8000", f"{HOST}#s3cret"])
def test_a_bad_address_is_shown_without_its_secrets(name) -> None:
    assert shown(name) == HOST


def test_nothing_that_no_agent_can_know_may_be_sent() -> None:
    assert not set(OBSERVATIONS) & set(PRIVILEGED)
