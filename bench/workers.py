"""Throughput of four-run requests with two processes, as a multiple of that with one.

The load comes from `bench.load`, one process that keeps 32 connections busy. On two cores it takes time from the
servers where both are busy, so its own CPU seconds, as the system counts them, are subtracted: with two workers they
are shared by both cores, and half of them comes off the elapsed time; with one worker the load runs on the core that
is free, and nothing comes off. On more cores than workers nothing need be subtracted.
"""

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys

from bench.process import Started, started
from bench.record import Row, row
from bench.requests import target
from bench.server import ROOT

CONNECTIONS = 32
REQUESTS = 1500
ROUNDS = 5


def load(server: Started, targets: list[str]) -> tuple[float, float]:
    """Return the elapsed seconds, and the CPU seconds of the client that made the load."""
    job = {"port": server.port, "targets": targets, "connections": CONNECTIONS}
    before = _children_cpu()
    command = [sys.executable, "-m", "bench.load"]
    client = subprocess.run(command, cwd=ROOT, input=json.dumps(job), stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(client.stdout)["seconds"], _children_cpu() - before


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure() -> list[Row]:
    """Both servers run all the time and take turns, so that a busy moment of the machine hits both."""
    numbers = itertools.count(1)
    ratios, raw, share = [], [], []
    with started(workers=1) as one, started(workers=2) as two:
        for server in (one, two):
            server.wait_until_warm()
            load(server, [target(next(numbers)) for _ in range(REQUESTS)])
        for _ in range(ROUNDS):
            alone, _ = load(one, [target(next(numbers)) for _ in range(REQUESTS)])
            both, client = load(two, [target(next(numbers)) for _ in range(REQUESTS)])
            taken = client / 2 if (os.cpu_count() or 1) <= 2 else 0.0
            raw.append(alone / both)
            ratios.append(alone / (both - taken))
            share.append(client / both)
    return [
        row("throughput with 2 workers, of one's", statistics.median(ratios), "{:.2f} ×", least=1.6),
        row("… as measured, the load's own cost included", statistics.median(raw), "{:.2f} ×"),
        row("… cores that the load took", statistics.median(share), "{:.2f}"),
    ]
