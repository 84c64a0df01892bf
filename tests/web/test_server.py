"""What a server must not do, on a real socket: work for nobody, be stopped by idle readers, hide its own mistakes."""

import dataclasses
import json
import logging
import threading

import numpy as np
import pytest
from fastapi import FastAPI

from app.labs.descent import DESCENT
from app.runtime.blocks import Blocks
from app.runtime.jobs import Jobs
from app.runtime.programs import Programs
from app.runtime.streams import Streams
from app.web.api import add_computation, add_refusals, add_stream
from app.web.guard import Guard
from tests.web.serving import ask, detail, read, served, wait_until

LARGE = 8 * 2**20  # bytes of an answer: more than the buffers between two sockets hold


class Toy:
    """An app of one computation and one stream that wait for the test, and write down what they were asked for."""

    def __init__(self):
        self.computed, self.planned = [], []
        self.may_go_on = threading.Event()
        self.jobs = Jobs(threads=1, queue=32)
        self.streams = Streams(self.jobs, threads=1, most_streams=2, most_bytes=100)
        self.app = FastAPI(redirect_slashes=False)
        self.app.add_middleware(Guard)
        add_refusals(self.app)
        computation = dataclasses.replace(DESCENT.computations[0], compute=self.compute)
        add_computation(self.app, computation, Programs(), self.jobs)
        add_stream(self.app, dataclasses.replace(DESCENT.streams[0], plan=self.plan), Programs(), self.streams)

    def compute(self, query, _programs, _translate):
        self.computed.append(query.steps)
        if query.steps == 13:
            raise ZeroDivisionError("thirteen\nis no number of steps")
        assert self.may_go_on.wait(20)
        return {}

    def plan(self, query, _programs, _translate):
        self.planned.append(query.steps)
        assert query.steps != 77 or self.may_go_on.wait(20)
        if query.steps == 14:
            return Blocks(head={}, blocks=[1, 0], compute=lambda block, _: {"at": [1 // block]}, size=2)
        content = np.zeros(LARGE // 4)
        return Blocks(head={}, blocks=[0], compute=lambda *_: {"at": [0], "gap": content}, size=1)

    def close(self):
        self.may_go_on.set()
        self.streams.close()
        self.jobs.close()


@pytest.fixture
def toy():
    toy = Toy()
    yield toy
    toy.close()


@pytest.fixture
def port(toy):
    with served(toy.app) as port:
        yield port


@pytest.mark.thorough
def test_readers_who_do_not_read_take_no_place_from_the_next_ones(toy, port):
    # Sixteen idle readers of finished maps switched maps off for all.
    idle = []
    for steps in range(1, 7):
        idle.append(ask(port, f"/api/map?steps={steps}"))
        wait_until(lambda steps=steps: steps in toy.planned and not toy.streams.live)
    status, _, body = read(ask(port, "/api/map?steps=50"))
    assert status == 200
    assert len(body) > LARGE
    for connection in idle:  # and none of them has lost a byte
        assert len(read(connection)[2]) == pytest.approx(len(body), abs=200)


def test_a_map_whose_reader_left_while_it_waited_is_not_planned(toy, port):
    first = ask(port, "/api/map?steps=77")
    wait_until(lambda: toy.planned == [77])
    second = ask(port, "/api/map?steps=78")
    wait_until(lambda: toy.streams.live == 2)
    second.close()
    wait_until(lambda: toy.streams.live == 1)
    toy.may_go_on.set()
    assert read(first)[0] == 200
    assert read(ask(port, "/api/map?steps=79"))[0] == 200
    assert toy.planned == [77, 79]


def test_a_request_whose_client_left_while_it_waited_is_not_computed(toy, port):
    # Every superseded position of a dragged slider was computed.
    first = ask(port, "/api/descent?steps=1")
    wait_until(lambda: toy.computed == [1])
    superseded = [ask(port, f"/api/descent?steps={steps}") for steps in range(2, 12)]
    wait_until(lambda: toy.jobs.waiting == 10)
    for connection in superseded:
        connection.close()
    wait_until(lambda: toy.jobs.waiting == 0)
    last = ask(port, "/api/descent?steps=12")
    toy.may_go_on.set()
    assert (read(first)[0], read(last)[0]) == (200, 200)
    assert toy.computed == [1, 12]


def test_a_bug_is_told_in_one_line_and_in_one_sentence(toy, port, caplog):
    with caplog.at_level(logging.INFO):
        status, headers, body = read(ask(port, "/api/descent?steps=13"))
    assert status == 500
    assert "mistake of its own" in detail(body)
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    (record,) = caplog.records
    line = record.getMessage()
    assert "\n" not in line
    assert "ZeroDivisionError" in line
    assert "/api/descent?steps=13" in line
    assert "test_server.py" in line


def test_a_map_that_fails_in_the_middle_says_so_in_its_last_line(toy, port, caplog):
    # The connection was cut: the page took the server for lost, and asked for the same map again and again.
    status, _, body = read(ask(port, "/api/map?steps=14"))
    _head, block, last = [
        json.loads(line) for line in body.splitlines() if line.startswith(b"{")
    ]  # between chunks' sizes
    assert status == 200
    assert block["done"] == 1
    assert "mistake of its own" in last["detail"]
    assert "ZeroDivisionError" in caplog.records[-1].getMessage()


def test_a_bug_in_a_page_is_a_page(toy, port):
    @toy.app.get("/broken")
    async def broken():
        raise ZeroDivisionError

    status, headers, body = read(ask(port, "/broken"))
    assert status == 500
    assert headers["content-type"].startswith("text/html")
    assert b"mistake of its own" in body
    assert headers["x-content-type-options"] == "nosniff"


def test_head_is_answered_as_get_without_the_body_and_without_the_work(toy, port):
    status, headers, body = read(ask(port, "/api/descent?steps=5", method="HEAD"))
    assert (status, body) == (200, b"")
    assert headers["etag"]
    assert toy.computed == []
    assert read(ask(port, "/api/map?steps=5", method="HEAD"))[0] == 200
    assert toy.planned == []
