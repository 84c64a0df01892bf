"""The few threads in which JAX runs, away from the event loop, and the queue before them."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class BusyError(RuntimeError):
    """More computations wait than the server promises to finish soon."""


class Workers:
    """A few threads and a queue that refuses when it is full.

    The standard executor does the same at twice the cost: it makes a future of its own for each piece of work, which
    the event loop then copies.
    """

    def __init__(self, *, threads: int, queue: int) -> None:
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._most = threads + queue
        self._taken = 0
        self._threads = [
            threading.Thread(target=self._serve, name=f"compute-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for anything."""
        return not self._taken

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread.

        Raises:
            BusyError: at once, if the queue is full.
        """
        if self._taken >= self._most:
            raise BusyError
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def answered() -> None:
            if answer.cancelled():  # who asked has gone
                return
            try:
                found = work()
            except BaseException as error:  # whatever it is, it belongs to who awaits the answer
                loop.call_soon_threadsafe(_settle, answer, None, error)
            else:
                loop.call_soon_threadsafe(_settle, answer, found, None)

        self._taken += 1
        try:
            self._work.put(answered)
            return await answer
        finally:
            self._taken -= 1

    def close(self) -> None:
        """Let running work end and drop what waits."""
        while not self._work.empty():
            self._work.get()
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while (work := self._work.get()) is not None:
            work()


def _settle(answer: asyncio.Future[Any], found: Any, error: BaseException | None) -> None:
    if answer.cancelled():
        return
    if error is None:
        answer.set_result(found)
    else:
        answer.set_exception(error)
