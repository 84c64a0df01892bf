"""A cheap HTTP client in a process of its own: many connections, each sends its next request when it has an answer.

Reads one JSON object from standard input ({"port", "targets", "connections", "warm_up"}) and prints one: milliseconds
of each answer, in the order of arrival, and seconds in all. The first `warm_up` answers are not counted.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator


class Connection(asyncio.Protocol):
    """One kept-alive connection; answers must carry Content-Length."""

    def __init__(self, targets: Iterator[str], took: list[float], done: asyncio.Future[None]) -> None:
        self.targets = targets
        self.took = took
        self.done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the next request, or end."""
        target = next(self.targets, None)
        if target is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.received = 0
        self.expected = 0
        self.head = b""
        self.sent = time.perf_counter()
        self.transport.write(f"GET {target} HTTP/1.1\r\nHost: bench\r\nAccept: */*\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Count bytes; the body itself is of no interest."""
        if not self.expected:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.head[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                raise RuntimeError(self.head.decode(errors="replace"))
            self.expected = end + 4 + int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            self.received = len(self.head)
        else:
            self.received += len(data)
        if self.received >= self.expected:
            self.took.append((time.perf_counter() - self.sent) * 1e3)
            self.ask()


async def load(port: int, targets: list[str], connections: int) -> tuple[list[float], float]:
    """Fetch every target once and return the milliseconds of each answer and the seconds in all."""
    loop = asyncio.get_running_loop()
    queue, took = iter(targets), list[float]()
    begin = time.perf_counter()
    ends = [loop.create_future() for _ in range(connections)]
    for end in ends:
        await loop.create_connection(lambda end=end: Connection(queue, took, end), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return took, time.perf_counter() - begin


if __name__ == "__main__":
    job = json.load(sys.stdin)
    milliseconds, seconds = asyncio.run(load(job["port"], job["targets"], job["connections"]))
    print(json.dumps({"milliseconds": milliseconds, "seconds": seconds}))
