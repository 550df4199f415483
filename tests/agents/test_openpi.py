"""The client: what it sends, what it does with the answers, and that each fault is one clear error."""

import base64
import hashlib
import re
import socket
import threading

import numpy as np
import pytest
from faults import QUICK, chunk, free_port, listener, remote

from switch_bench.agents.errors import AgentError, AgentGone
from switch_bench.agents.openpi import Policy
from switch_bench.agents.openpi_address import parse
from switch_bench.agents.openpi_link import Hangup

PATIENCE = 120.0  # s: only what hangs takes as long
OBS = {
    "rgb": np.arange(224 * 224 * 3, dtype=np.uint8).reshape(224, 224, 3),
    "wrist_rgb": np.zeros((224, 224, 3), np.uint8),
    "proprio": np.linspace(0, 1, 17, dtype=np.float32),
    "instruction": "Boil the water.",
}


def policy(url: str) -> Policy:
    return Policy(parse(url, {}))


def always(answer):
    return lambda message, n, connection: answer


def test_it_sends_what_openpis_models_see_and_nothing_else() -> None:
    with remote(always(chunk(0.5))) as server:
        ours = policy(server.url())
        assert (ours.act, ours.obs, ours.size) == ("delta_pose", tuple(OBS), (224, 224))
        ours.reset("kitchen.boil_water-v1", 7, {"elapsed_us": 0, "cameras": {}})
        ours(OBS, {"said": "secret"})
        ours.close()
    [asked] = server.asked
    assert asked.keys() == {"observation/image", "observation/wrist_image", "observation/state", "prompt"}
    assert np.array_equal(asked["observation/image"], OBS["rgb"])
    assert asked["observation/image"].dtype == np.uint8
    assert asked["observation/state"].tobytes() == OBS["proprio"].tobytes()
    assert asked["prompt"] == OBS["instruction"]


def firsts(ours: Policy, number: int) -> list[float]:
    return [float(ours(OBS, {})[0]) for _ in range(number)]


@pytest.mark.parametrize(
    ("options", "metadata", "carried_out"),
    [
        ("", {}, [0.1, 0.2, 0.3, 0.1]),  # the whole chunk
        ("&replan=2", {}, [0.1, 0.2, 0.1, 0.2]),
        ("", {"replan": 1}, [0.1, 0.1, 0.1, 0.1]),
        ("&replan=2", {"replan": 1}, [0.1, 0.2, 0.1, 0.2]),  # the address counts for more
    ],
)
def test_so_many_actions_of_a_chunk_are_carried_out(options, metadata, carried_out) -> None:
    with remote(always(chunk(0.1, 0.2, 0.3)), metadata) as server:
        ours = policy(server.url(QUICK + options))
        ours.reset("t", 0, {})
        assert firsts(ours, 4) == pytest.approx(carried_out)
        ours.close()


def test_what_the_server_wants_is_sent_under_the_names_of_the_address() -> None:
    metadata = {"keys": ["cam_high", "prompt", "seed"], "image_size": [64, 48], "action_dim": 12, "reset_pose": [0.0]}
    with remote(always(chunk(0.0)), metadata) as server:
        ours = policy(server.url(f"{QUICK}&key=cam_high:rgb&key=prompt"))
        assert (ours.obs, ours.size) == (("rgb", "instruction"), (64, 48))
        ours.reset("t", 41, {})
        firsts(ours, 2)
        ours.close()
    assert [set(asked) for asked in server.asked] == [{"cam_high", "prompt", "seed"}, {"cam_high", "prompt"}]
    assert server.asked[0]["seed"] == 41


def test_of_one_observation_it_is_given_that_alone() -> None:
    with remote(always(chunk(0.0))) as server:
        ours = policy(server.url(f"{QUICK}&key=observation/state"))
        ours.reset("t", 0, {})
        ours(OBS["proprio"], {})
        ours.close()
    assert server.asked[0].keys() == {"observation/state"}


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"action_dim": 7}, "action_dim is 7, and here it is 12"),
        ({"act": "joint"}, "act is 'joint', and here it is 'delta_pose'"),
        ({"control_hz": 50}, "control_hz is 50, and here it is 20"),
        ({"keys": ["observation/joints"]}, "wants 'observation/joints'.*no observation"),
        ({"keys": ["state", 3]}, "`keys` are"),
        ({"keys": []}, "wants no observation"),
        ({"keys": ["seed"]}, "wants no observation"),
        ({"image_size": [8, 8]}, "image_size"),
        ({"image_size": "224"}, "image_size"),
        ({"replan": 0}, "`replan` is 0"),
    ],
)
def test_a_server_that_wants_what_cannot_be_had_is_refused(metadata, said) -> None:
    with remote(always(chunk(0.0)), metadata) as server, pytest.raises(AgentError, match=said):
        policy(server.url())


def test_a_server_that_wants_more_than_the_address_sends_is_refused() -> None:
    said = "wants observation/state, and the address leaves it out"
    wants = {"keys": ["prompt", "observation/state"]}
    with remote(always(None), wants) as server, pytest.raises(AgentError, match=said):
        policy(server.url(f"{QUICK}&key=prompt"))


def test_hands_off_is_said_by_done() -> None:
    with remote(lambda message, n, connection: chunk(0.0) | ({"done": True} if n else {})) as server:
        ours = policy(server.url())
        ours.reset("t", 0, {})
        assert ours(OBS, {}) is not None
        assert ours(OBS, {}) is None
        ours.reset("t", 0, {})
        assert ours(OBS, {}) is not None
        ours.close()


def test_each_episode_has_a_connection_of_its_own_and_begins_with_no_old_action() -> None:
    with remote(always(chunk(0.1, 0.2, 0.3))) as server:
        ours = policy(server.url())
        for _ in range(3):
            ours.reset("t", 0, {})
            assert firsts(ours, 1) == pytest.approx([0.1])
        ours.close()
    assert server.connections == len(server.asked) == 3


def test_the_key_goes_into_the_header() -> None:
    with remote(always(chunk(0.0))) as server:
        policy(server.url(f"{QUICK}&api_key=s3cret")).close()
    assert server.headers[0]["Authorization"] == "Api-Key s3cret"


# ---------------------------------------------------------------- faults in an episode


def hang_up(message, n, connection):
    connection.close()


WRONG = {
    "a remote traceback": (always("Traceback: CUDA out of memory"), "the server says:\nTraceback: CUDA out of memory"),
    "garbage": (always(b"\xc1\xc1"), "no msgpack as openpi packs it"),
    "no map": (always(b"\x91\x01"), "sent list where a map was expected"),
    "no actions": (always({"action": np.zeros((1, 12))}), "no 'actions', but action"),
    "a list": (always({"actions": [[0.0] * 12]}), "no array of numbers, but list"),
    "truths": (always({"actions": np.zeros((1, 12), bool)}), "no array of numbers"),
    "one action": (always({"actions": np.zeros(12)}), r"shape \(12,\); expected \(H, 12\)"),
    "too narrow": (always({"actions": np.zeros((5, 7))}), r"shape \(5, 7\); expected \(H, 12\)"),
    "none at all": (always({"actions": np.zeros((0, 12))}), r"shape \(0, 12\)"),
    "not finite": (always({"actions": np.full((2, 12), np.nan)}), "isn't finite"),
    "an object array": (
        always(b"\x81\xa7actions\x84\xc4\x0b__ndarray__\xc3\xc4\x04data\xc4\x00\xc4\x05dtype\xa2|O\xc4\x05shape\x90"),
        r"dtype '\|O' isn't let through",
    ),
    "too long an answer": (always({"actions": np.zeros((3000, 12))}), "longer than max_bytes=200000"),
    "too few for replan": (always(chunk(0.0, 0.0)), "replan is 3, and the server gave 2 actions"),
    "silence": (lambda message, n, connection: None, r"no answer within 5 s"),
    "hanging up": (hang_up, "the server closed the connection"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_fault_ends_the_episode_with_one_clear_error_and_the_next_begins_anew(fault) -> None:
    answer, said = WRONG[fault]
    good = chunk(0.1, 0.2, 0.3)
    faulty = lambda message, n, connection: answer(message, n, connection) if server.connections == 1 else good  # noqa: E731
    with remote(faulty) as server:
        options = "tries=2&backoff=0.05&connect_timeout=120&max_bytes=200000&replan=3&key=observation/state"
        ours = policy(server.url(f"{options}&timeout={5 if fault == 'silence' else 120}"))
        ours.reset("t", 0, {})
        with pytest.raises(AgentError, match=said) as error:
            ours(OBS["proprio"], {})
        assert not isinstance(error.value, AgentGone)
        ours.reset("t", 0, {})
        assert ours(OBS["proprio"], {})[0] == pytest.approx(0.1)
        ours.close()
    assert server.connections == 2


def test_a_late_answer_is_not_taken_for_the_next_episodes() -> None:
    def late(message, n, connection):
        if server.connections == 1:
            given_up.wait(PATIENCE)
            return chunk(0.9)
        return chunk(0.1)

    given_up = threading.Event()
    with remote(late) as server:
        ours = policy(server.url("tries=1&connect_timeout=120&timeout=5"))
        ours.reset("t", 0, {})
        with pytest.raises(AgentError, match="no answer within"):
            ours(OBS, {})
        given_up.set()
        ours.reset("t", 0, {})
        assert firsts(ours, 1) == pytest.approx([0.1])
        ours.close()


def test_an_observation_longer_than_allowed_is_not_sent() -> None:
    with remote(always(chunk(0.0))) as server:
        ours = policy(server.url(f"{QUICK}&max_bytes=100000"))
        ours.reset("t", 0, {})
        with pytest.raises(AgentError, match=r"an observation of \d{6} bytes is more than max_bytes=100000") as error:
            ours(OBS, {})
        assert "smaller images" in error.value.hint
    assert server.asked == []


def test_a_key_that_the_server_says_back_is_hidden() -> None:
    with remote(always("bad header: Api-Key s3cret")) as server:
        ours = policy(server.url(f"{QUICK}&api_key=s3cret"))
        ours.reset("t", 0, {})
        with pytest.raises(AgentError, match="bad header: Api-Key …"):
            ours(OBS, {})


def test_a_server_that_reads_nothing_is_given_up() -> None:
    """The observation is more than both sockets hold, so that sending it can't end."""

    def handshake_and_sleep(accepted: socket.socket) -> None:
        accepted.settimeout(PATIENCE)
        head = accepted.recv(4096).decode()
        [key] = re.findall("Sec-WebSocket-Key: (.*)\r\n", head)
        token = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        accepted.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(token) + b"\r\n\r\n" + b"\x82\x01\x80"  # and {} as metadata
        )
        done.wait(PATIENCE)

    done = threading.Event()
    large = OBS | {"rgb": np.zeros((4000, 4000, 3), np.uint8)}
    with listener(handshake_and_sleep) as port:
        ours = policy(f"ws://127.0.0.1:{port}?tries=1&connect_timeout=120&timeout=0.3&max_bytes=99999999")
        ours.reset("t", 0, {})
        with pytest.raises(AgentError, match="no answer within"):
            ours(large, {})
        done.set()


# ---------------------------------------------------------------- servers that can't be had


def test_nobody_there_is_told_after_so_many_tries() -> None:
    with pytest.raises(AgentGone, match=r"can't be reached: Connection refused \(tried 3 times\)"):
        policy(f"ws://127.0.0.1:{free_port()}?tries=3&backoff=0.01")


def test_a_server_that_comes_up_late_is_waited_for() -> None:
    port = free_port()
    held = []

    def start() -> None:
        context = remote(always(chunk(0.0)), port=port)
        held.append((context, context.__enter__()))

    timer = threading.Timer(0.3, start)
    timer.start()
    try:
        policy(f"ws://127.0.0.1:{port}?tries=12&backoff=0.1").close()
    finally:
        timer.join()
        for context, _ in held:
            context.__exit__(None, None, None)


def silent(accepted: socket.socket) -> None:
    accepted.settimeout(PATIENCE)
    while accepted.recv(4096):
        pass


def answering(text: bytes):
    def handle(accepted: socket.socket) -> None:
        accepted.settimeout(PATIENCE)
        accepted.recv(4096)
        accepted.sendall(text)

    return handle


HTTP = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("handle", "said"),
    [
        (silent, r"no answer within 0\.3 s"),
        (lambda accepted: None, "can't be reached"),
        (answering(b"SSH-2.0-OpenSSH_9\r\n"), "can't be reached"),
        (answering(HTTP % b"404 Not Found"), "refuses the connection: HTTP 404"),
        (answering(HTTP % b"503 Unavailable"), r"can't be reached: HTTP 503 \(tried twice|2 times"),
        (answering(HTTP % b"401 Unauthorized"), "refuses the connection: HTTP 401"),
    ],
    ids=["silent", "hangs up", "ssh", "404", "503", "401"],
)
def test_what_is_no_policys_server_is_told(handle, said) -> None:
    seconds = 0.3 if handle is silent else 120
    with listener(handle) as port, pytest.raises(AgentGone, match=said) as error:
        policy(f"ws://127.0.0.1:{port}?tries=2&backoff=0.01&connect_timeout={seconds}")
    if "401" in said:
        assert "SWITCH_BENCH_API_KEY" in error.value.hint


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (b"\xc1", "its first frame should be its metadata. no msgpack"),
        ("hello", "the server says:\nhello"),
        (b"\x90", "list"),
    ],
)
def test_who_does_not_begin_with_metadata_is_told(metadata, said) -> None:
    with remote(always(None), metadata) as server, pytest.raises(AgentGone, match=said):
        policy(server.url())


def test_a_server_without_metadata_is_told_after_the_time_for_connecting() -> None:
    def handle(message, n, connection):
        return None

    with remote(handle) as server:
        server.metadata = None
        with pytest.raises(AgentGone, match=r"no answer within 0\.2 s"):
            policy(server.url("tries=1&connect_timeout=0.2"))


def test_a_server_that_is_gone_at_the_next_episode_is_told_apart() -> None:
    with remote(always(chunk(0.0))) as server:
        ours = policy(server.url())
        ours.reset("t", 0, {})
        firsts(ours, 1)
    with pytest.raises(AgentGone, match="can't be reached"):
        ours.reset("t", 1, {})


def test_a_server_that_is_gone_in_an_episode_is_told_apart_at_once() -> None:
    def leave(message, n, connection):
        server.stop_listening()
        connection.close()

    with remote(leave) as server:
        ours = policy(server.url())
        ours.reset("t", 0, {})
        with pytest.raises(AgentGone, match="can't be reached") as error:
            ours(OBS, {})
    assert isinstance(error.value.__context__, Hangup)


def test_a_server_that_comes_back_as_another_is_told() -> None:
    with remote(always(chunk(0.0)), {"replan": 1}) as server:
        ours = policy(server.url())
        ours.reset("t", 0, {})
        firsts(ours, 1)
        server.metadata = {"replan": 1, "keys": ["prompt"]}
        with pytest.raises(AgentGone, match="isn't what it was"):
            ours.reset("t", 1, {})
        server.metadata = {"action_dim": 3}
        with pytest.raises(AgentGone, match="isn't what it was: the server's action_dim is 3"):
            ours.reset("t", 1, {})
