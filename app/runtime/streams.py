"""Long answers in blocks: by threads that give way, shared by all who ask for the same, stopped when nobody does."""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any

from cachetools import LRUCache

from app.labs.base import Blocks
from app.runtime.jobs import BusyError, Workers
from app.web.encoding import encode

NICENESS = 10  # of the threads: the system gives others most of a processor that both want
LOOK = 0.001  # seconds, after which it is looked again whether anybody in a hurry still waits …
PATIENCE = 0.1  # … and after which a piece of work is begun all the same


NOT_PLANNED = Blocks(head={}, blocks=(), compute=lambda _block, _checkpoint: {}, size=0)


class StoppedError(RuntimeError):
    """Nobody waits for the answer any more."""


class Work:
    """One long answer: its lines so far, and who reads them.

    All but `begin`, `next_block` and `compute` belongs to the event loop's thread.
    """

    def __init__(self, begin: Callable[[], tuple[dict[str, Any], Blocks]]) -> None:
        self.begin = begin
        self.plan = NOT_PLANNED
        self.lines: list[bytes] = []
        self.readers = 0
        self.is_done = False
        self.is_stopped = False
        self.error: BaseException | None = None
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._next = 0
        self._left = 0  # blocks that are not finished
        self._cells = 0
        self._first: tuple[int, float] | None = None  # cells and time when the first block came, compiled by then

    @property
    def size(self) -> int:
        """Bytes of the lines."""
        return sum(map(len, self.lines))

    async def line(self, number: int) -> bytes | None:
        """Return a line, once it is there; None after the last.

        Raises:
            Mistake: the query cannot be answered.
        """
        while number >= len(self.lines):
            if self.error is not None:
                raise self.error
            if self.is_done:
                return None
            await self._changed.wait()
        return self.lines[number]

    # In the threads ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Plan the blocks and answer the first line."""
        head, plan = self.begin()
        self.plan = plan
        self._left = len(plan.blocks)
        self._say(encode({**head, **plan.head, "cells": plan.size}, "f8") + b"\n", is_last=not plan.blocks)

    def take(self) -> Any | None:
        """Return the next block, or None if all have been taken; called by one thread at a time."""
        if self._next >= len(self.plan.blocks):
            return None
        self._next += 1
        return self.plan.blocks[self._next - 1]

    def compute(self, block: Any, checkpoint: Callable[[], None]) -> None:
        """Compute a block and answer its line."""
        found = self.plan.compute(block, checkpoint)
        self._loop.call_soon_threadsafe(self._take_line, found, len(found["at"]), time.perf_counter())

    def fail(self, error: BaseException) -> None:
        """Answer nothing more but this error."""
        self._loop.call_soon_threadsafe(self._fail, error)

    # In the event loop ---------------------------------------------------------------------------------------------

    def _take_line(self, found: Any, cells: int, now: float) -> None:
        self._cells += cells
        self._left -= 1
        if self._first is None:
            self._first = (self._cells, now)
        counted, since = self._first
        left = None
        if self._cells > counted:
            left = round((now - since) / (self._cells - counted) * (self.plan.size - self._cells), 2)
        line = encode({**found, "done": self._cells, "seconds_left": left})
        self._append(line + b"\n", is_last=not self._left)

    def _say(self, line: bytes, *, is_last: bool) -> None:
        self._loop.call_soon_threadsafe(lambda: self._append(line, is_last=is_last))

    def _append(self, line: bytes, *, is_last: bool) -> None:
        self.lines.append(line)
        self.is_done = is_last
        self._wake()

    def _fail(self, error: BaseException) -> None:
        self.error = error
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class LongWorkers:
    """A few threads that compute blocks of all works in turn, and the finished answers that are kept."""

    def __init__(self, workers: Workers, *, threads: int, most_works: int, most_bytes: int) -> None:
        self._workers = workers
        self._most = most_works
        self._lock = threading.Condition()
        self._waiting: deque[Work] = deque()
        self._is_closed = False
        self._live: dict[str, Work] = {}
        self._kept: LRUCache[str, list[bytes]] = LRUCache(most_bytes, getsizeof=lambda lines: sum(map(len, lines)))
        self._threads = [
            threading.Thread(target=self._serve, name=f"map-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def live(self) -> int:
        """How many answers are being computed."""
        return len(self._live)

    @property
    def kept_bytes(self) -> int:
        """How much memory the finished answers take."""
        return int(self._kept.currsize)

    async def lines(self, key: str, begin: Callable[[], tuple[dict[str, Any], Blocks]]) -> AsyncGenerator[bytes]:
        """Yield the lines of the answer to `key`, computed once for all who ask while it lives, and kept when finished.

        Raises:
            BusyError: too many are being computed.
            Mistake: the query cannot be answered.
        """
        if key in self._kept:
            for line in self._kept[key]:
                yield line
            return
        work = self._live.get(key)
        if work is None:
            if len(self._live) >= self._most:
                raise BusyError
            work = self._live[key] = Work(begin)
            self._hand_over(work)
        work.readers += 1
        try:
            number = 0
            while (line := await work.line(number)) is not None:
                yield line
                number += 1
            if self._live.get(key) is work and work.size <= self._kept.maxsize:
                self._kept[key] = work.lines
        finally:
            work.readers -= 1
            if not work.readers or work.is_done:
                work.is_stopped = not work.is_done
                if self._live.get(key) is work:
                    del self._live[key]

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()

    def _hand_over(self, work: Work) -> None:
        with self._lock:
            self._waiting.append(work)
            self._lock.notify_all()

    def _serve(self) -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while True:
            with self._lock:
                while not self._waiting and not self._is_closed:
                    self._lock.wait()
                if self._is_closed:
                    return
                work = self._waiting.popleft()
                is_new = work.plan is NOT_PLANNED
                block = None if is_new else work.take()
                if block is not None:
                    self._waiting.append(work)  # behind the others: all get on at the same pace
                    self._lock.notify()
            try:
                if is_new:
                    self._checkpoint(work)
                    work.start()
                    self._hand_over(work)
                elif block is not None:
                    work.compute(block, lambda work=work: self._checkpoint(work))  # type: ignore[misc]
            except StoppedError:
                self._forget(work)
            except BaseException as error:  # whatever it is, it belongs to who reads the answer
                self._forget(work)
                work.fail(error)

    def _forget(self, work: Work) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._waiting.remove(work)

    def _checkpoint(self, work: Work) -> None:
        """Wait while somebody waits for an answer at once, and stop where nobody waits for this one."""
        until = time.monotonic() + PATIENCE
        while not work.is_stopped and not self._is_closed and not self._workers.is_idle and time.monotonic() < until:
            time.sleep(LOOK)
        if work.is_stopped or self._is_closed:
            raise StoppedError
