"""What a request for four runs of 500 steps costs the server beyond one that computes nothing."""

import hashlib
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from app.labs.descent import DescentQuery, compute
from app.runtime.encoding import encode
from app.runtime.programs import Programs
from app.schema.page import read_page
from app.web.responses import enveloped
from bench.record import Row, row
from bench.server import ROOT, served, text_of
from bench.timing import interleaved

CONNECTIONS = 16
REQUESTS = 800  # of each kind in a round
ROUNDS = 7


def target(index: int) -> str:
    """Return a link that was never asked before: every index has learning rates of its own."""
    rate = f"{1e-4 + index * 1e-9:.9f}"
    runs = f"run=gd,learning_rate:{rate}&run=momentum,learning_rate:{rate}&run=rmsprop&run=adam"
    return f"/api/descent?surface=rosenbrock&{runs}&learning_rate={rate}&steps=500"


def load(address: str, targets: list[str]) -> tuple[float, float]:
    """Return the server's CPU milliseconds per request, and the median latency in milliseconds."""
    job = {"port": int(address.rpartition(":")[2]), "targets": targets, "connections": CONNECTIONS}
    before = float(text_of(f"{address}/cpu"))
    command = [sys.executable, "-m", "bench.load"]
    client = subprocess.run(command, cwd=ROOT, input=json.dumps(job), stdout=subprocess.PIPE, text=True, check=True)
    after = float(text_of(f"{address}/cpu"))
    return (after - before) / len(targets) * 1e3, statistics.median(json.loads(client.stdout)["milliseconds"])


class TimedPrograms(Programs):
    """Programs that add up the CPU seconds spent in them, the hand-over of their arrays included."""

    seconds = 0.0

    def get(self, function: Callable, *static: Hashable) -> Callable[..., Any]:
        """Return the program with a clock around it."""
        program = super().get(function, *static)

        def timed(*arguments: Any) -> Any:
            begin = time.process_time()
            answer = np.asarray(program(*arguments))
            self.seconds += time.process_time() - begin
            return answer

        return timed


def parts() -> dict[str, float]:
    """Return the median CPU milliseconds of each part of one request, measured in this process."""
    programs, numbers = TimedPrograms(), itertools.count(10**6)

    def parse() -> tuple[DescentQuery, str]:
        query = read_page(DescentQuery, target(next(numbers)).partition("?")[2]).first
        link = query.link("query")
        hashlib.sha256(link.encode()).hexdigest()
        return query, link

    query, link = parse()
    answer = compute(query, programs, str)
    calls, rounds = 50, 21
    programs.seconds = 0.0
    took = interleaved(
        {
            "parse": (parse, calls),
            "compute": (lambda: compute(query, programs, str), calls),
            "encode": (lambda: encode(enveloped(answer, link)), calls),
        },
        rounds,
        time.process_time,
    )
    took["programs"] = programs.seconds / (calls * rounds) * 1e3
    return took


def measure() -> list[Row]:
    """Alternate rounds of both kinds, so that a busy moment hits both."""
    numbers = itertools.count(1)

    def new_targets() -> list[str]:
        return [target(next(numbers)) for _ in range(REQUESTS)]

    with served(target(0)) as address:
        load(address, new_targets())
        real, bare = [], []
        for _ in range(ROUNDS):
            real.append(load(address, new_targets()))
            bare.append(load(address, ["/bare"] * REQUESTS))
    cpu, latency = (statistics.median(column) for column in zip(*real, strict=True))
    bare_cpu, bare_latency = (statistics.median(column) for column in zip(*bare, strict=True))
    beyond, part = cpu - bare_cpu, parts()
    rest = beyond - part["parse"] - part["compute"] - part["encode"]
    return [
        row("four runs of 500 steps: CPU beyond a bare route", beyond, "{:.2f} ms", most=0.4),
        row("… CPU of the request, of the bare route's", cpu / bare_cpu, "{:.1f} ×"),
        row("… the quietest round's CPU beyond", min(a for a, _ in real) - min(a for a, _ in bare), "{:.2f} ms"),
        row("… of which: link read, printed and hashed", part["parse"], "{:.2f} ms"),
        row("… the four programs, with their arrays", part["programs"], "{:.2f} ms"),
        row("… judging, sentences and facts", part["compute"] - part["programs"], "{:.2f} ms"),
        row("… encoding", part["encode"], "{:.2f} ms"),
        row("… the way to the executor and back, and what contention adds", rest, "{:.2f} ms"),
        row(f"… latency with {CONNECTIONS} connections", latency, "{:.1f} ms"),
        row("… latency of the bare route", bare_latency, "{:.1f} ms"),
    ]
