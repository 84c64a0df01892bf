"""The laboratory as `python -m app` starts it, in processes of its own: how long it takes and what it uses."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.server import ROOT, text_of


@dataclass(frozen=True, kw_only=True)
class Started:
    """A running laboratory, and how many seconds after its start the port was open and the presets were ready."""

    pid: int
    port: int
    open_s: float
    ready_s: float

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def resident_mb(self) -> float:
        """Return the resident memory of the process."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

    def memory_maps(self) -> int:
        """Return the number of memory maps, of which the kernel grants 65,530."""
        return len(Path(f"/proc/{self.pid}/maps").read_text().splitlines())

    def wait_until_warm(self) -> None:
        """Wait for all that is compiled ahead."""
        while not json.loads(text_of(f"{self.address}/readyz", may_fail=True))["is_warm"]:
            time.sleep(0.1)


@contextlib.contextmanager
def started(**settings: object) -> Iterator[Started]:
    """Start `python -m app` with these settings, wait until it is ready, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "JAX_COMPILATION_CACHE_DIR"}
    environment |= {name.upper(): str(value) for name, value in settings.items()} | {"PORT": str(port)}
    begin = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "app"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            open_s = _seconds_until(f"http://127.0.0.1:{port}/healthz", begin)
            ready_s = _seconds_until(f"http://127.0.0.1:{port}/readyz", begin)
            yield Started(pid=process.pid, port=port, open_s=open_s, ready_s=ready_s)
        finally:
            process.terminate()


def _seconds_until(address: str, begin: float) -> float:
    while True:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(address):  # noqa: S310, our own address
            return time.perf_counter() - begin
        time.sleep(0.02)
