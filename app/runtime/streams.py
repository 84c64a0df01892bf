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

from app.runtime.blocks import Blocks
from app.runtime.encoding import encode
from app.runtime.jobs import BusyError, Jobs
from app.schema.answers import fields_of

NICENESS = 10  # of the threads: the system gives others most of a processor that both want
LOOK = 0.001  # seconds between two looks at whether a quick request still waits …
PATIENCE = 0.1  # … and after which a checkpoint is passed all the same

NOT_PLANNED = Blocks(head={}, blocks=(), compute=lambda _block, _checkpoint: {}, size=0)
Begin = Callable[[], tuple[dict[str, Any], Blocks]]


class StoppedError(RuntimeError):
    """Nobody waits for the answer any more."""


class Stream:
    """One long answer: its lines so far, and how many read them.

    `start`, `take` and `compute` run in the threads; everything else belongs to the event loop's thread.
    """

    def __init__(self, begin: Begin, on_end: Callable[["Stream"], None]) -> None:
        self.begin = begin
        self.plan = NOT_PLANNED
        self.lines: list[bytes] = []
        self.readers = 0
        self.is_done = False
        self.is_stopped = False
        self.error: BaseException | None = None
        self._on_end = on_end
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
        line = encode({**head, **fields_of(plan.head), "cells": plan.size}, "f8") + b"\n"
        self._loop.call_soon_threadsafe(self._append, line, not plan.blocks)

    def take(self) -> Any | None:
        """Return the next block, or None if all have been taken; called by one thread at a time."""
        if self._next >= len(self.plan.blocks):
            return None
        self._next += 1
        return self.plan.blocks[self._next - 1]

    def compute(self, block: Any, checkpoint: Callable[[], None]) -> None:
        """Compute a block and answer its line."""
        found = fields_of(self.plan.compute(block, checkpoint))
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
        self._append(line + b"\n", not self._left)

    def _append(self, line: bytes, is_last: bool) -> None:
        self.lines.append(line)
        self.is_done = is_last
        if is_last:
            self._on_end(self)
        self._wake()

    def _fail(self, error: BaseException) -> None:
        self.error = error
        self._on_end(self)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class Streams:
    """A few threads that compute blocks of all streams in turn, and the finished answers that are kept."""

    def __init__(self, jobs: Jobs, *, threads: int, most_streams: int, most_bytes: int) -> None:
        self._jobs = jobs
        self._most = most_streams
        self._lock = threading.Condition()
        self._waiting: deque[Stream] = deque()
        self._is_closed = False
        self._live: dict[str, Stream] = {}
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

    async def lines(self, key: str, begin: Begin) -> AsyncGenerator[bytes]:
        """Yield the lines of the answer to `key`, computed once for all who ask while it lives, and kept when finished.

        A finished stream is no longer live, however slowly its lines are read.

        Raises:
            BusyError: too many are being computed.
            Mistake: the query cannot be answered.
        """
        if key in self._kept:
            for line in self._kept[key]:
                yield line
            return
        stream = self._live.get(key)
        if stream is None:
            if len(self._live) >= self._most:
                raise BusyError
            stream = self._live[key] = Stream(begin, lambda ended: self._end(key, ended))
            self._hand_over(stream)
        stream.readers += 1
        try:
            number = 0
            while (line := await stream.line(number)) is not None:
                yield line
                number += 1
        finally:
            stream.readers -= 1
            if not stream.readers and not stream.is_done:
                stream.is_stopped = True
                self._release(key, stream)

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            self._is_closed = True
            self._waiting.clear()
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()

    def _end(self, key: str, stream: Stream) -> None:
        """Keep a finished answer, and free its place."""
        if stream.is_done and stream.size <= self._kept.maxsize:
            self._kept[key] = stream.lines
        self._release(key, stream)

    def _release(self, key: str, stream: Stream) -> None:
        if self._live.get(key) is stream:
            del self._live[key]

    def _hand_over(self, stream: Stream) -> None:
        with self._lock:
            self._waiting.append(stream)
            self._lock.notify_all()

    def _serve(self) -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while (taken := self._take()) is not None:
            stream, block = taken
            try:
                self._checkpoint(stream)
                if stream.plan is NOT_PLANNED:
                    stream.start()
                    self._hand_over(stream)
                elif block is not None:
                    stream.compute(block, lambda stream=stream: self._checkpoint(stream))  # type: ignore[misc]
            except StoppedError:
                self._forget(stream)
            except BaseException as error:  # whatever it is, it belongs to who reads the answer
                self._forget(stream)
                stream.fail(error)

    def _take(self) -> tuple[Stream, Any | None] | None:
        """Wait for the next stream, and return it with its next block; None when everything is closed."""
        with self._lock:
            while not self._waiting and not self._is_closed:
                self._lock.wait()
            if self._is_closed:
                return None
            stream = self._waiting.popleft()
            block = None if stream.plan is NOT_PLANNED else stream.take()
            if block is not None:
                self._waiting.append(stream)  # behind the others: all get on at the same pace
                self._lock.notify()
            return stream, block

    def _forget(self, stream: Stream) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._waiting.remove(stream)

    def _checkpoint(self, stream: Stream) -> None:
        """Wait while somebody waits for an answer at once, and stop where nobody waits for this one.

        Raises:
            StoppedError: all readers have left, or the server stops.
        """
        until = time.monotonic() + PATIENCE
        while not self._is_over(stream) and not self._jobs.is_idle and time.monotonic() < until:
            time.sleep(LOOK)
        if self._is_over(stream):
            raise StoppedError

    def _is_over(self, stream: Stream) -> bool:
        return stream.is_stopped or self._is_closed
