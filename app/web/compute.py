"""The one bounded executor in which JAX runs, away from the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BusyError(RuntimeError):
    """More computations wait than the server promises to finish soon."""


class Workers:
    """A few threads and a queue that refuses when it is full."""

    def __init__(self, *, threads: int, queue: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="compute")
        self._most = threads + queue
        self._taken = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread.

        Raises:
            BusyError: at once, if the queue is full.
        """
        if self._taken >= self._most:
            raise BusyError
        self._taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Let running work end and drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)
