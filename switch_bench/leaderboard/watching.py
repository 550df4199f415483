"""The server's hold on its workers: it starts so many, starts those anew that end, and ends them with itself."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time

from switch_bench.leaderboard.settings import Settings

LOG = logging.getLogger("switch_bench.leaderboard")
LOOK_S = 0.3
END_S = 30.0
AGAIN_S = (0.0, 1.0, 5.0, 30.0)  # waits before a worker is started anew, longer if it keeps ending soon
STEADY_S = 60.0


class Watch:
    """So many workers, from `start` to `stop`."""

    def __init__(self, settings: Settings, workers: int) -> None:
        """Nothing is started yet."""
        self.settings = settings
        self.processes: list[subprocess.Popen[bytes]] = []
        self._workers = workers
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._keep, args=(i,), daemon=True) for i in range(workers)]

    def start(self) -> None:
        """Start the workers."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Tell the workers to end, and see that they have."""
        self._over.set()
        for thread in self._threads:
            thread.join(2 * END_S)

    def _keep(self, number: int) -> None:
        short = 0
        while not self._over.wait(AGAIN_S[min(short, len(AGAIN_S) - 1)]):
            began = time.monotonic()
            # the worker ends when its standard input does, which is when this process does, however that ends
            process = subprocess.Popen(
                [sys.executable, "-m", "switch_bench.leaderboard.worker", self.settings.to_json()],
                stdin=subprocess.PIPE,
            )
            self.processes.append(process)
            while process.poll() is None and not self._over.is_set():
                self._over.wait(LOOK_S)
            if process.poll() is None:
                _end(process)
            else:
                LOG.error("worker %d ended with code %s; it is started anew", number, process.returncode)
            self.processes.remove(process)
            short = 0 if time.monotonic() - began > STEADY_S else short + 1


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
