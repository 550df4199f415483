"""openpi-client itself, from PyPI, in a virtual environment of its own: it wants numpy < 2, and we numpy >= 2."""

import json
import subprocess
import venv
from pathlib import Path

import numpy as np
import pytest

from switch_bench.agents.openpi import Policy
from switch_bench.agents.openpi_address import parse

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The interpreter of an environment with openpi-client 0.1.2; it imports typing_extensions, and doesn't say so."""
    place = tmp_path_factory.mktemp("openpi") / "venv"
    venv.create(place, with_pip=True)
    subprocess.run(
        [place / "bin" / "pip", "install", "-q", "openpi-client==0.1.2", "typing_extensions"], check=True, timeout=600
    )
    return place / "bin" / "python"


@pytest.mark.slow
def test_openpi_client_talks_to_our_server(python, served) -> None:
    with served("served_policies:Tells", api_key="s3cret") as port:
        ran = subprocess.run(
            [python, HERE / "run_openpi_client.py", "infer", str(port)], capture_output=True, text=True, timeout=300
        )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["numpy"].startswith("1.")
    assert (told["keys"], told["dtype"]) == (["observation/state", "seed"], "float32")
    assert np.array(told["actions"])[:, 0, :3] == pytest.approx(np.array([[0.07, 0.01, 0.25], [0.07, 0.02, 0.25]]))
    assert "Error in inference server" in told["fault"]
    assert "has shape (3,)" in told["fault"]


@pytest.mark.slow
def test_our_client_talks_to_a_server_that_packs_by_openpi_client(python) -> None:
    process = subprocess.Popen([python, HERE / "run_openpi_client.py", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        policy = Policy(parse(f"ws://127.0.0.1:{port}?key=observation/state&replan=5&tries=2&timeout=120", {}))
        for episode in range(2):
            policy.reset("t", episode, {})
            state = np.full(17, 0.01 * (episode + 1), np.float32)
            action = policy(state, {})
            assert action is not None
            assert action[0] == pytest.approx(0.17 * (episode + 1))
        policy.close()
    finally:
        process.kill()
        process.wait()
