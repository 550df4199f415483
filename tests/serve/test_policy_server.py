"""What `switch-bench serve policy` answers to whatever connects."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import openpi_twin as twin
import pytest
import served_policies
from websockets.exceptions import ConnectionClosed, InvalidStatus

from switch_bench.agents.errors import AgentGone
from switch_bench.agents.openpi import Policy
from switch_bench.agents.openpi_address import parse
from switch_bench.evaluate.errors import InputError
from switch_bench.serve.policy import HARD, MOST, PolicyServer

LONG = 300  # s: only what hangs takes as long
STATE = {"observation/state": np.full(17, 0.25, np.float32)}


def numbers(answer):
    assert answer["actions"].shape == (1, 12)
    assert answer["actions"].dtype == np.float32
    return answer["actions"][0, :3].tolist()


def test_the_first_frame_says_what_is_served(served) -> None:
    with served("served_policies:Tells") as port, twin.Client(port) as client:
        told = client.metadata
    assert told["policy"] == "served_policies:Tells"
    assert told["keys"] == ["observation/state", "seed"]
    assert (told["action_dim"], told["act"], told["control_hz"], told["replan"]) == (12, "delta_pose", 20, 1)


def test_a_connection_is_an_episode_with_a_policy_of_its_own(served) -> None:
    with served("served_policies:Tells") as port, twin.Client(port) as first, twin.Client(port) as second:
        assert numbers(first.infer(STATE | {"seed": 7})) == pytest.approx([0.07, 0.01, 0.25])
        assert numbers(second.infer(STATE)) == pytest.approx([0.0, 0.01, 0.25])  # the seed may be left out
        assert numbers(first.infer(STATE)) == pytest.approx([0.07, 0.02, 0.25])
        assert "infer_ms" in second.infer(STATE)["server_timing"]


def test_an_episode_may_begin_anew_on_the_same_connection(served) -> None:
    with served("served_policies:Tells") as port, twin.Client(port) as client:
        client.infer(STATE | {"seed": 7})
        client.infer(STATE | {"seed": 9})  # a seed alone begins nothing
        assert numbers(client.infer(STATE)) == pytest.approx([0.07, 0.03, 0.25])
        assert numbers(client.infer(STATE | {"reset": True, "seed": 9})) == pytest.approx([0.09, 0.01, 0.25])


def test_hands_off_is_said_and_the_grip_stays_as_it_was(served) -> None:
    with served("served_policies:Stops") as port, twin.Client(port) as client:
        assert "done" not in client.infer(STATE)
        client.infer(STATE)
        for _ in range(2):
            answer = client.infer(STATE)
            assert answer["done"] is True
            assert answer["actions"].tolist() == [[*[0.0] * 6, -1.0, *[0.0] * 5]]
        assert "done" not in client.infer(STATE | {"reset": True})


def test_every_observation_that_can_be_sent_arrives(served) -> None:
    message = {
        "observation/image": np.full((16, 32, 3), 1, np.uint8),
        "observation/wrist_image": np.full((16, 32, 3), 2, np.uint8),
        "observation/depth": np.full((16, 32), 3.5, np.float32),
        "observation/sounds": np.full(20, 1, np.int8),
        "observation/state": np.zeros(17, np.float32),
        "prompt": "Boil.",
    }
    with served("served_policies:Sees") as port, twin.Client(port) as client:
        assert client.metadata["image_size"] == [32, 16]
        action = client.infer(message)["actions"][0]
    assert action[:5].tolist() == pytest.approx([1 + 6 / 512, 2.0, 3.5, 1.0, 0.05])  # one pixel of 512 is 7, not 1


WRONG = {
    "a text frame": ("hello", "a text frame came; an observation is a binary frame of msgpack"),
    "garbage": (b"\xc1\xc1", "no msgpack as openpi packs it"),
    "no map": (b"\x91\x01", "an observation is a map, and list came"),
    "nothing": (twin.pack({}), "lacks 'observation/state'; it has nothing"),
    "another key": (
        twin.pack({"observation/joints": np.zeros(7)}),
        "lacks 'observation/state'; it has observation/joints",
    ),
    "a short state": (
        twin.pack({"observation/state": np.zeros(7)}),
        r"has shape \(7,\); expected an array of shape \(17,\)",
    ),
    "a list": (twin.pack({"observation/state": [0.0] * 17}), "has list; expected an array"),
    "a bad seed": (twin.pack(STATE | {"seed": -1}), "seed is -1"),
    "an object array": (
        b"\x81\xa1a\x84\xc4\x0b__ndarray__\xc3\xc4\x04data\xc4\x00\xc4\x05dtype\xa2|O\xc4\x05shape\x90",
        r"dtype '\|O' isn't let through",
    ),
    "an oversize frame": (b"\0" * (MOST + 1), f"a message of {MOST + 1} bytes came, and {MOST} is the most"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_no_observation_is_told_by_a_text_frame_and_the_server_lives(served, fault) -> None:
    frame, said = WRONG[fault]
    with served("served_policies:Tells") as port:
        with twin.Client(port) as client, pytest.raises(RuntimeError, match=said) as told:
            client.send(frame)
        assert "Traceback" not in str(told.value)  # it is the client's fault, not ours
        with twin.Client(port) as other:
            assert numbers(other.infer(STATE)) == pytest.approx([0.0, 0.01, 0.25])


def test_a_frame_that_is_far_too_long_is_not_even_read(served) -> None:
    with served("served_policies:Tells") as port:
        with twin.Client(port) as client, pytest.raises(ConnectionClosed) as closed:
            client.send(b"\0" * (HARD + 1))
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
        with twin.Client(port) as other:
            other.infer(STATE)


@pytest.mark.parametrize(
    ("name", "said"),
    [("Fails", r"Traceback(.|\n)*RuntimeError: no such joint"), ("TooWide", r"shape \(12,\); got \(13,\)")],
)
def test_what_a_policy_raises_is_told_as_a_text_frame(served, name, said) -> None:
    with served(f"served_policies:{name}") as port:
        for _ in range(2):
            with twin.Client(port) as client, pytest.raises(RuntimeError, match=said):
                client.infer(STATE)


def test_who_hangs_up_or_breaks_off_leaves_the_server_alive(served) -> None:
    with served("served_policies:Tells") as port:
        twin.Client(port).socket.socket.shutdown(socket.SHUT_RDWR)
        with socket.create_connection(("127.0.0.1", port)) as bare:
            bare.sendall(b"GET / HTTP/1.1\r\n")
        with socket.create_connection(("127.0.0.1", port)) as bare:
            bare.sendall(b"\x16\x03\x01 not http\r\n\r\n")
        with twin.Client(port) as client:
            client.infer(STATE)


def test_one_object_serves_one_connection_at_a_time(served) -> None:
    with served("served_policies:one") as port:
        with twin.Client(port) as first:
            first.infer(STATE)
            with pytest.raises(AgentGone, match="is one object, not a class, and serves another connection"):
                Policy(parse(f"ws://127.0.0.1:{port}?tries=1", {}))
        with twin.Client(port) as again:
            assert numbers(again.infer(STATE)) == pytest.approx([0.0, 0.01, 0.25])


def test_who_connects_while_another_is_served_need_not_wait_to_be_told_what_is(served) -> None:
    with served("served_policies:Sleeps") as port, twin.Client(port) as slow:
        slow.socket.send(twin.pack(STATE))
        assert served_policies.SLEEPING.wait(LONG)
        try:
            with twin.Client(port) as other:
                assert other.metadata["policy"] == "served_policies:Sleeps"
        finally:
            served_policies.AWAKE.set()
        assert "actions" in twin.unpack(slow.socket.recv(timeout=LONG))


def health(port):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        f"http://127.0.0.1:{port}/healthz", timeout=LONG
    ) as answer:
        return answer.status, answer.read()


def test_health_is_told_without_a_key(served) -> None:
    with served("served_policies:Tells", api_key="s3cret") as port:
        assert health(port) == (200, b"OK\n")


@pytest.mark.parametrize("key", [None, "other"])
def test_without_the_key_nobody_gets_in(served, key) -> None:
    with served("served_policies:Tells", api_key="s3cret") as port:
        with pytest.raises(InvalidStatus, match="401"):
            twin.Client(port, key)
        with twin.Client(port, "s3cret") as client:
            client.infer(STATE)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("oracle", "it acts by skill"),
        ("random_skill", "it acts by skill"),
        ("served_policies:Knows", "it observes state"),
        ("served_policies:Privileged", "it knows what no agent can"),
        ("served_policies:Marks", "it observes marks"),
        ("nop", "did you mean noop"),
    ],
)
def test_what_cannot_be_served_is_refused(name, said) -> None:
    with pytest.raises(InputError, match=said):
        PolicyServer(name, port=0)


def test_a_port_that_is_taken_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(InputError, match=r"--port \d+: can't listen there"),
    ):
        PolicyServer("noop", port=taken.getsockname()[1])


# ---------------------------------------------------------------- the command


def command(*words, **variables):
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell may ignore it
    program += "from switch_bench.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", program, "serve", "policy", *words],
        env={**os.environ, **variables},
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_until_it_is_interrupted() -> None:
    process = command("served_policies:Tells", "--port", "0", "--api-key-env", "MINE", MINE="s3cret")
    try:
        said = process.stdout.readline()
        port = int(re.fullmatch(r"served_policies:Tells at ws://127\.0\.0\.1:(\d+)\n", said)[1])
        with twin.Client(port, "s3cret") as client:
            client.infer(STATE)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=LONG)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, errors) == (0, "stopped\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["oracle"], "acts by skill"),
        (["noop", "--api-key-env", "UNSET"], "isn't set"),
        (["noop", "--port", "70000"], "65535"),
    ],
)
def test_the_command_refuses_with_exit_code_2(words, said) -> None:
    process = command(*words)
    out, errors = process.communicate(timeout=LONG)
    assert (process.returncode, out) == (2, "")
    assert said in errors
