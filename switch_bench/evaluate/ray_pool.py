"""A Ray cluster that plays episodes in place of this machine's processes. The extra `ray` brings it.

The queue and the run folders stay with the program that was started. A task on the cluster plays one episode in a
folder of its own and sends back the record, the trace and the pictures as bytes, so that no file system need be shared.
The nodes have switch_bench, in the versions and with the files that are here, and the policy (see `alike`). When a node
goes away, its episodes are played on another.
"""

from __future__ import annotations

import faulthandler
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from switch_bench.evaluate import alike, doctor
from switch_bench.evaluate.episode import Job, Probe, work
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import write_atomically
from switch_bench.evaluate.policies import Declared
from switch_bench.evaluate.workers import Died, Listed, Lost, Raised, Source, attempt, cap_memory

POLL = 1.0  # s between looks at how large the cluster is
RULED = {"RAY_USAGE_STATS_ENABLED": "0"}  # nothing is told to others
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # a cluster that is only here takes no calls from elsewhere


class RayPool:
    """As `workers.Pool`: jobs are played on a cluster, one on each processor that it has at the time.

    Use it as a context manager: leaving it gives up what is under way.
    """

    def __init__(
        self,
        address: str,
        most: int = 0,
        *,
        seconds: Callable[[Any], float | None] | None = None,
        memory: int | None = None,
    ) -> None:
        """address: of the cluster, "auto" for the one of this machine, "local" for one to be started here. most: jobs
        at once, 0: as many as there are processors. seconds, memory: as in `workers.Pool`.

        Raises:
            InputError: Ray isn't installed, or there is no such cluster.
        """
        for name, value in (RULED | (LOOPBACK if address == "local" else {})).items():
            os.environ.setdefault(name, value)
        try:
            import ray  # pyright: ignore[reportMissingImports]
        except ModuleNotFoundError as error:
            hint = 'pip install "switch-bench[ray]"'
            raise InputError("Ray isn't installed", where=f"--ray {address}", hint=hint) from error
        self._ray, self._most, self._seconds, self._memory = ray, most, seconds, memory
        self._ours = not ray.is_initialized()
        if self._ours:
            _connect(ray, address)
        # A task that is lost with its node comes back to us, since we must know of it: so no retries by Ray.
        self._play = ray.remote(num_cpus=1, max_retries=0)(_play_apart)
        self._under_way: dict[Any, tuple[Any, float]] = {}
        self._policies: dict[str, Mapping[str, str]] = {}  # the files of each, where it was asked what it declares

    def __enter__(self) -> RayPool:
        return self

    def __exit__(self, *_: object) -> None:
        for reference in self._under_way:
            self._ray.cancel(reference, force=True)
        self._under_way.clear()
        if self._ours:
            self._ray.shutdown()

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Do all jobs; yields (job, result) as they end, in any order."""
        return self.serve(Listed(jobs))

    def serve(self, source: Source[Any]) -> Iterator[tuple[Any, Any]]:
        """Do jobs from a source until it has none and none is under way; a result may also be `Lost`."""
        while True:
            while len(self._under_way) < self.players:
                job = source.take(None, [source.group(job) for job, _ in self._under_way.values()])
                if job is None:
                    break
                seconds = None if self._seconds is None else self._seconds(job)
                expected = alike.kit(job, self._policies.get(job.policy))
                reference = self._play.remote(job, expected, seconds, self._memory)
                self._under_way[reference] = job, time.monotonic()
            if not self._under_way:
                return
            ready, _ = self._ray.wait(list(self._under_way), timeout=POLL)
            for reference in ready:
                job, since = self._under_way.pop(reference)
                yield job, self._answer(reference, job, time.monotonic() - since)

    @property
    def players(self) -> int:
        """How many jobs may be under way; one that waits for a processor is among them."""
        processors = int(self._ray.cluster_resources().get("CPU", 0))
        return max(1, min(processors, self._most) if self._most else processors)

    def _answer(self, reference: Any, job: Any, took: float) -> Any:
        errors = self._ray.exceptions
        try:
            result, files = self._ray.get(reference)
        except (errors.NodeDiedError, errors.LocalRayletDiedError, errors.ObjectLostError) as error:
            return Lost(type(error).__name__)
        except errors.RayTaskError as error:  # what a job raises comes back as a result: this one couldn't be begun
            last = str(error).strip().rpartition("\n")[2]
            raise alike.UnlikeNodeError(f"a node can't begin a job: {last}", where="--ray", hint=alike.HINT) from error
        except errors.OutOfMemoryError as error:  # Ray's own guard of a node's memory
            return Raised(kind="OutOfMemoryError", message=str(error), traceback="")
        except errors.WorkerCrashedError:
            seconds = None if self._seconds is None else self._seconds(job)
            return Died(None, hung=seconds if seconds is not None and took >= seconds else None, memory=self._memory)
        if isinstance(result, Declared):
            self._policies[job.policy] = result.files
        for name, data in files.items():
            (Path(job.folder) / name).parent.mkdir(exist_ok=True)
            write_atomically(Path(job.folder) / name, data)
        return result


def _connect(ray: Any, address: str) -> None:
    here = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"} if address == "local" else {}
    try:
        ray.init(address=address, log_to_driver=False, configure_logging=False, **here)
    except (ConnectionError, ValueError, RuntimeError) as error:
        hint = "`ray start --head` begins a cluster and says its address; --ray local starts one for this run"
        raise InputError(f"there is no cluster to be had: {error}", where=f"--ray {address}", hint=hint) from error


def _play_apart(
    job: Probe | Job, expected: Mapping[str, str], seconds: float | None, memory: int | None
) -> tuple[Any, dict[str, bytes]]:
    """What a task on the cluster does: the answer, and the files to be written with it, by their names in the run's
    folder."""
    if memory is not None:
        cap_memory(memory)
    if seconds is not None:  # by a thread without Python's lock: a hang in native code is ended, too
        faulthandler.dump_traceback_later(seconds, exit=True)
    files: dict[str, bytes] = {}
    try:
        return attempt(lambda job: _played(job, expected, files), job), files
    finally:
        faulthandler.cancel_dump_traceback_later()


def _played(job: Probe | Job, expected: Mapping[str, str], files: dict[str, bytes]) -> Any:
    if "MUJOCO_GL" not in os.environ:
        doctor.settle_gl()
    alike.check(expected, alike.kit(job, alike.policy_files(job.policy)))
    if isinstance(job, Probe):
        return work(job)
    with tempfile.TemporaryDirectory(prefix="switch_bench.") as folder:
        for part in ("traces", "frames"):
            (Path(folder) / part).mkdir()
        record = work(replace(job, folder=folder))
        files |= {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}
    return record
