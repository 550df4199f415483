"""The thread where environments live: an OpenGL context belongs to the thread that made it."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
LEAVING = 10.0  # s for OpenGL to be freed when the process ends


class Simulator:
    """Does what it is given, one after the other, on one thread that ends with the process.

    It isn't one of `concurrent.futures`, since those are gone when the process has still to free what OpenGL holds.
    """

    def __init__(self) -> None:
        self._work: SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = SimpleQueue()
        threading.Thread(target=self._run, name="simulator", daemon=True).start()

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Have `work(*args)` done; what it returns or raises."""
        future: Future[T] = Future()
        self._work.put((future, work, args))
        return future

    def _run(self) -> None:
        from switch_bench.evaluate.doctor import settle_gl

        settle_gl()
        while True:
            future, work, args = self._work.get()
            try:
                future.set_result(work(*args))
            except BaseException as error:
                future.set_exception(error)
            atexit.unregister(self._leave)  # the last registered runs first: before what the work has registered
            atexit.register(self._leave)

    def _leave(self) -> None:
        """Free OpenGL where it was made."""
        self.submit(_close_all).result(LEAVING)


def _close_all() -> None:
    from switch_bench.physics.picture import close_all

    close_all()


@cache
def simulator() -> Simulator:
    """The one of this process."""
    return Simulator()
