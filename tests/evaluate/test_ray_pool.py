"""The queue of a run on a Ray cluster of two nodes on this machine."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from switch_bench.evaluate import runner
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.merging import CLOCK
from switch_bench.evaluate.runner import Request, evaluate

HERE = Path(__file__).parent
EPISODES = 24
PATIENCE = 300.0  # s: only what hangs takes as long
SMALL = {"object_store_memory": 80 << 20, "node_ip_address": "127.0.0.1"}
QUICK_TO_SEE = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 500,
    "health_check_timeout_ms": 2000,
    "health_check_failure_threshold": 3,
}
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # with it off, a cluster on the loopback device can be joined
    "PYTHONPATH": str(HERE),  # of the nodes: where the fake benchmark is
}


def test_without_ray_it_is_told_how_to_get_it(monkeypatch):
    from switch_bench.evaluate.ray_pool import RayPool

    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"Ray isn't installed\n.*switch-bench\[ray\]"):
        RayPool("auto")


@pytest.fixture(scope="module")
def notes(tmp_path_factory):
    """Where the fake policies note what they begin."""
    return tmp_path_factory.mktemp("notes") / "notes"


@pytest.fixture(scope="module")
def cluster(notes):
    """A head that plays nothing, and two nodes of one processor each."""
    environment = ENVIRONMENT | {"FAKE_NOTES": str(notes)}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": QUICK_TO_SEE, **SMALL}
    made = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(2):
            made.add_node(num_cpus=1, **SMALL)
        yield made
    finally:
        made.shutdown()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def start(cluster, out, *policies, **changes):
    asked = {"ray": cluster.address, "policies": policies, **changes}
    return subprocess.Popen(
        [sys.executable, HERE / "run_fake.py", out, "0", str(EPISODES), json.dumps(asked)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(folder):
    return len(list(folder.glob("episodes/[!.]*.json")))


def at_work(node):
    """The processes of this node that have an episode in hand; it may take a while until one has started."""
    raylet = node.all_processes["raylet"][0].process.pid
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"PPid:\t{raylet}\n" in (entry / "status").read_text():
                found += [int(entry.name)] if "ray::_play_apart" in (entry / "cmdline").read_text() else []
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
    return found


def kill(node):
    """As if its machine were gone: all at once, so that what is in hand can't be finished and sent."""
    for pid in [node.all_processes["raylet"][0].process.pid, *at_work(node)]:
        os.kill(pid, signal.SIGKILL)


def lasting(folder):
    return [{k: v for k, v in record.items() if k not in CLOCK} for record in read_episodes(folder)]


@pytest.mark.ray
def test_a_worker_that_dies_or_hangs_on_the_cluster_is_an_error_and_is_tried_again(cluster, notes, tmp_path):
    for policy, timeout, said in [("DiesOnce", PATIENCE, "the worker process died"), ("HangsOnce", 30.0, "it hung")]:
        notes.write_text("")
        more = {"suite": "quick", "episodes": 1, "retries": 1, "timeout": timeout}
        process = start(cluster, tmp_path / policy, f"fake_policies:{policy}", **more)
        told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, told
        records = {record["task"]: record for record in read_episodes(tmp_path / policy)}
        assert [record["status"] for record in records.values()] == ["done", "done"]
        kettle = records["fake.kettle-v1"]
        assert kettle["attempt"] == 2
        assert said in kettle["earlier"][0]["message"]


@pytest.mark.ray
def test_a_node_is_killed_in_mid_run_and_nothing_is_lost_and_nothing_twice(cluster, tmp_path, monkeypatch):
    process = start(cluster, tmp_path / "run", "fake_policies:Presser", suite="fake.slow-v1", timeout=PATIENCE)
    began = time.monotonic()
    node = next(iter(cluster.worker_nodes))
    while done(tmp_path / "run") < 4 or not at_work(node):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.02)
    kill(node)
    cluster.remove_node(node, allow_graceful=False)
    assert done(tmp_path / "run") < EPISODES
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert "its machine went away (NodeDiedError); it is played again" in said

    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")
    whole = Request(
        policies=("fake_policies:Presser",), suite="fake.slow-v1", episodes=EPISODES, seed=5, out=tmp_path / "whole",
        workers=0, pictures=False, bench="fake_bench",
    )  # fmt: skip
    evaluate(whole, Console(quiet=True))
    assert len(lasting(tmp_path / "run")) == EPISODES
    assert lasting(tmp_path / "run") == lasting(tmp_path / "whole")
    for trace in (tmp_path / "whole" / "traces").iterdir():
        assert (tmp_path / "run" / "traces" / trace.name).read_bytes() == trace.read_bytes()
    results = [(tmp_path / name / "results.json").read_text() for name in ("run", "whole")]
    assert results[0] == results[1]
    assert (tmp_path / "run" / "report.html").is_file()


@pytest.mark.ray
def test_a_node_with_other_files_is_refused_by_its_name(cluster, tmp_path):
    odd = cluster.add_node(num_cpus=8, env_vars={"FAKE_ROOMS": "other rooms"}, **SMALL)
    try:  # of so many at once at least one comes to that node
        process = start(cluster, tmp_path / "run", "fake_policies:Presser", suite="fake.slow-v1")
        told, _ = process.communicate(timeout=PATIENCE)
    finally:
        cluster.remove_node(odd)
    assert process.returncode != 0
    assert f"UnlikeNodeError: --ray, node {platform.node()}: a node has other files: " in told
    assert "the asset rooms other rooms, expected digest of rooms" in told


@pytest.mark.ray
def test_an_address_where_no_cluster_is_is_told(tmp_path):
    command = [sys.executable, "-c", "from switch_bench.cli import main; main()", "eval", "--policy", "noop"]
    ended = subprocess.run(
        [*command, "--suite", "core", "--out", tmp_path / "run", "--ray", "nowhere"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=os.environ | ENVIRONMENT,
    )
    assert ended.returncode == 2
    assert "--ray nowhere: there is no cluster to be had" in ended.stderr
    assert not (tmp_path / "run").exists()
