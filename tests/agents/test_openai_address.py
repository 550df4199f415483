"""Where a language model is, and what it may spend: how `--policy openai:…` is read, and what of it is written down."""

from __future__ import annotations

import pytest

from switch_bench.agents.errors import AgentError
from switch_bench.agents.openai_address import KEY_VARIABLE, OURS, PLAYED, Options, parse, shown

PLACE = "openai:gpt-x@http://127.0.0.1:8000/v1"


def test_an_address_is_a_model_and_where_it_is() -> None:
    address = parse(PLACE, {})
    assert (address.model, address.url) == ("gpt-x", "http://127.0.0.1:8000/v1")
    assert address.options == Options()
    assert address.identity == PLACE


@pytest.mark.parametrize("model", ["llama3.2:3b", "meta/llama-3", "@cf/meta/llama", "a b"])
def test_models_are_called_all_sorts_of_things(model: str) -> None:
    address = parse(f"openai:{model}@https://host/v1/", {})
    assert (address.model, address.url) == (model, "https://host/v1")


def test_options_are_read_with_their_bounds() -> None:
    said = "track=llm&calls=60&tokens=2000&seconds=900&timeout=6.5&memory=2&set=temperature:0&set=effort:low&plain=true"
    address = parse(f"{PLACE}?{said}", {})
    options = address.options
    assert (options.track, options.calls, options.tokens, options.seconds) == ("llm", 60, 2000, 900.0)
    assert (options.timeout, options.memory, options.plain) == (6.5, 2, True)
    assert address.extra == {"temperature": 0, "effort": "low"}


def test_what_is_written_down_says_what_is_played_and_not_the_rest() -> None:
    said = "track=llm&calls=60&timeout=9&tries=2&api_key_env=MY_KEY&set=temperature:0"
    address = parse(f"{PLACE}?{said}", {"MY_KEY": "s3cr3t"})
    assert address.api_key == "s3cr3t"
    assert address.identity == f"{PLACE}?track=llm&calls=60&set=temperature:0"
    assert "s3cr3t" not in repr(address)
    assert parse(address.identity, {}).identity == address.identity


def test_each_option_is_described() -> None:
    from switch_bench.agents import openai_address

    table = [line.split("`")[1] for line in str(openai_address.__doc__).splitlines() if line.startswith("| `")]
    assert table == list(Options.model_fields)
    assert set(PLAYED) < set(table)


def test_the_usual_key_need_not_be_there() -> None:
    assert parse(PLACE, {}).api_key == ""
    assert parse(PLACE, {KEY_VARIABLE: "k"}).api_key == "k"


BAD = {
    "openai:gpt-x": "expected a model and where it is",
    "openai:@http://host/v1": "expected a model and where it is",
    "openai:gpt-x@http://": "expected a model and where it is",
    "openai:gpt-x@ftp://host": "expected a model and where it is",
    "openai:gpt-x@http://host:port": "not an address",
    "openai:gpt-x@http://me:pass@host/v1": "holds a user or password",
    f"{PLACE}#x": "after #",
    f"{PLACE}?trak=llm": "unknown option 'trak'(.|\n)*track",
    f"{PLACE}?calls=0": "calls='0'",
    f"{PLACE}?calls=many": "calls='many'",
    f"{PLACE}?seconds=inf": "seconds='inf'",
    f"{PLACE}?seconds=nan": "seconds='nan'",
    f"{PLACE}?track=eyes": "track='eyes'",
    f"{PLACE}?calls=1&calls=2": "given twice",
    f"{PLACE}?set=temperature": "set='temperature'",
    f"{PLACE}?api_key_env=NO_SUCH_KEY": "NO_SUCH_KEY isn't set",
    f"{PLACE}?api_key=s3cr3t": "unknown option 'api_key'",
    **{f"{PLACE}?set={name}:1": "is the benchmark's to say" for name in OURS},
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_told(name: str) -> None:
    with pytest.raises(AgentError) as error:
        parse(name, {})
    import re

    assert re.search(BAD[name], f"{error.value.message}\n{error.value.hint}"), error.value
    assert "pass@" not in shown(name)
    assert "s3cr3t" not in shown(name)


def test_a_key_that_no_header_can_hold_is_refused_without_showing_it() -> None:
    with pytest.raises(AgentError) as error:
        parse(PLACE, {KEY_VARIABLE: "s3cr3t\n"})
    assert "s3cr3t" not in str(error.value) + error.value.hint
