"""Answers that are computed at once: a few threads, away from the event loop, and the queue before them."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")


class BusyError(RuntimeError):
    """More computations wait than the server promises to finish soon."""


class GoneError(RuntimeError):
    """The client has closed the connection: nobody waits for the answer."""


class Jobs:
    """A few threads and a queue that refuses when it is full.

    `anyio.to_thread` with a limiter does the same, at 40 µs of CPU a job instead of 4 with 16 waiting: a tenth of a
    request. The difference is in the hand-over, which here is one queue and one call into the event loop.
    """

    def __init__(self, *, threads: int, queue: int) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
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

    @property
    def waiting(self) -> int:
        """How many jobs wait for a thread, as far as anybody still waits for them."""
        return max(0, self._taken - len(self._threads))

    async def run(self, compute: Callable[[], T], receive: Receive | None = None) -> T:
        """Run `compute` in a thread.

        `receive` is that of the request, whose body has been read: a job that has to wait is dropped from the queue
        when the client leaves.

        Raises:
            BusyError: at once, if the queue is full.
            GoneError: the client left before the computation began.
        """
        if self._taken >= self._most:
            raise BusyError
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            if answer.cancelled():
                return
            try:
                found = compute()
            except BaseException as error:  # whatever it is, it belongs to who awaits the answer
                loop.call_soon_threadsafe(_settle, answer, None, error)
            else:
                loop.call_soon_threadsafe(_settle, answer, found, None)

        # A job that finds a thread free begins at once, so that nobody need watch the connection.
        watch = None
        if receive is not None and self._taken >= len(self._threads):
            watch = asyncio.ensure_future(_cancel_when_gone(answer, receive))
        self._taken += 1
        try:
            self._queue.put(work)
            return await answer
        except asyncio.CancelledError:
            if watch is None or not watch.done():
                raise  # it is the task that was cancelled, not the answer
            raise GoneError from None
        finally:
            self._taken -= 1
            if watch is not None:
                watch.cancel()

    def close(self) -> None:
        """Let running jobs end and drop what waits."""
        while not self._queue.empty():
            self._queue.get()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while (work := self._queue.get()) is not None:
            work()


async def until_gone(awaitable: Awaitable[T], receive: Receive) -> T:
    """Return what is awaited, or give it up when the client leaves.

    Raises:
        GoneError: the client left.
    """
    wanted = asyncio.ensure_future(awaitable)
    watch = asyncio.ensure_future(_cancel_when_gone(wanted, receive))
    try:
        return await wanted
    except asyncio.CancelledError:
        if watch.done():
            raise GoneError from None
        wanted.cancel()
        raise
    finally:
        watch.cancel()


async def _cancel_when_gone(answer: asyncio.Future[Any], receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    answer.cancel()


def _settle(answer: asyncio.Future[Any], found: Any, error: BaseException | None) -> None:
    if answer.cancelled():
        return
    if error is None:
        answer.set_result(found)
    else:
        answer.set_exception(error)
