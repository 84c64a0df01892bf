"""Maps over HTTP: lines as they are made, one computation for all who ask, and none for nobody."""

import asyncio
import gc
import json
import resource
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from app.runtime.blocks import Blocks
from app.runtime.jobs import BusyError, Jobs
from app.runtime.streams import Streams
from app.schema.messages import Mistake
from tests.web.test_encoding import read

MAP = "/api/map?surface=bowl&run=gd&steps=20&cells=64"


@pytest.mark.thorough
def test_a_map_comes_in_lines_that_hold_every_cell_once(client):
    response = client.get(MAP)
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["x-accel-buffering"] == "no"
    head, *blocks = (json.loads(line) for line in response.text.splitlines())
    assert head["x"]["name"] == "learning_rate"
    assert head["y"]["name"] == "surface.kappa"
    assert sorted(np.concatenate([read(block["at"]) for block in blocks])) == list(range(head["cells"]))
    assert [block["done"] for block in blocks] == sorted(block["done"] for block in blocks)
    assert blocks[-1]["done"] == head["cells"]
    assert blocks[-1]["seconds_left"] == 0
    assert client.get(MAP).text == response.text
    assert client.get(MAP, headers={"If-None-Match": response.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("query", "words"), [("map=stability,x:nothing", "x"), ("surface=bowl&map=stability,y:beta2", "is no number of gd")]
)
def test_a_map_that_cannot_be_is_refused_before_the_first_line(client, query, words):
    response = client.get(f"/api/map?{query}")
    assert response.status_code == 422
    assert words in response.json()["detail"]


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="memory maps are Linux's")
def test_maps_of_any_number_of_whole_numbers_take_a_bounded_number_of_memory_maps(client):
    # Each number of them was a shape, each shape a program of 20 memory maps: 870 requests ended the process.
    surfaces = ("bowl", "himmelblau", "beale", "rosenbrock", "booth")

    def memory_maps_after(numbers):
        for n in numbers:
            link = f"surface={surfaces[n % 5]}&map=stability,x:schedule.warmup,y:learning_rate&cells=64"
            answer = client.get(f"/api/map?{link}&map_view=0,{n},0.001,0.01&steps={(5, 10, 20, 40)[n % 4]}")
            assert answer.status_code == 200
        return len(Path("/proc/self/maps").read_text().splitlines())

    before = memory_maps_after(range(2, 22))  # every surface with every length
    assert memory_maps_after(range(22, 63)) - before < 100


class Slow:
    """Blocks of nothing, each as long as a test wants it."""

    def __init__(self, blocks=4):
        self.planned, self.computed, self.threads = 0, [], set()
        self.may_go_on = threading.Event()
        self.blocks = blocks

    def begin(self):
        self.planned += 1
        return {"query": ""}, Blocks(
            head={}, blocks=[[n] for n in range(self.blocks)], compute=self.compute, size=self.blocks
        )

    def compute(self, block, checkpoint):
        while not self.may_go_on.wait(0.001):
            checkpoint()
        checkpoint()
        self.computed.append(block[0])
        return {"at": np.array(block, np.uint32)}


@pytest.fixture
def jobs():
    jobs = Jobs(threads=1, queue=4)
    yield jobs
    jobs.close()


@pytest.fixture
def maps(jobs):
    maps = Streams(jobs, threads=2, most_streams=3, most_bytes=10_000)
    yield maps
    maps.close()


async def collect(lines):
    return [line async for line in lines]


def test_all_who_ask_for_the_same_share_one_computation(maps):
    slow = Slow()
    slow.may_go_on.set()

    async def ask():
        return await asyncio.gather(*(collect(maps.lines("same", slow.begin)) for _ in range(20)))

    answers = asyncio.run(ask())
    assert slow.planned == 1
    assert sorted(slow.computed) == [0, 1, 2, 3]
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == 5
    assert asyncio.run(collect(maps.lines("same", slow.begin))) == answers[0]  # kept
    assert slow.planned == 1
    assert maps.kept_bytes > 0


def test_a_map_that_nobody_reads_any_more_stops_and_frees_its_thread(maps):
    slow, next_one = Slow(), Slow()

    async def leave():
        lines = maps.lines("left", slow.begin)
        await anext(lines)
        await asyncio.sleep(0.05)  # both threads are at work
        await lines.aclose()
        assert maps.live == 0
        next_one.may_go_on.set()
        began = time.perf_counter()
        await collect(maps.lines("next", next_one.begin))
        return time.perf_counter() - began

    asyncio.run(leave())
    assert slow.computed == []
    assert sorted(next_one.computed) == [0, 1, 2, 3]


def test_one_reader_who_leaves_does_not_stop_the_map_of_another(maps):
    slow = Slow()

    async def read_on():
        first, second = maps.lines("both", slow.begin), maps.lines("both", slow.begin)
        await asyncio.gather(anext(first), anext(second))
        await first.aclose()
        slow.may_go_on.set()
        return await collect(second)

    assert len(asyncio.run(read_on())) == 4
    assert slow.planned == 1


def test_too_many_maps_at_once_are_refused(maps):
    async def crowd():
        slows = [Slow() for _ in range(3)]
        open_ones = [maps.lines(str(number), slow.begin) for number, slow in enumerate(slows)]
        await asyncio.gather(*(anext(lines) for lines in open_ones))
        with pytest.raises(BusyError):
            await anext(maps.lines("one more", Slow().begin))
        for lines in open_ones:
            await lines.aclose()

    asyncio.run(crowd())


def test_a_mistake_reaches_who_asked_and_leaves_nothing_behind(maps):
    def begin():
        raise Mistake("no such map")

    async def ask():
        with pytest.raises(Mistake):
            await anext(maps.lines("bad", begin))

    asyncio.run(ask())
    assert maps.live == 0


def test_maps_give_way_to_who_waits_for_an_answer_at_once(maps, jobs):
    slow, order = Slow(blocks=2), []
    slow.may_go_on.set()

    async def race():
        async def at_once():
            await jobs.run(lambda: time.sleep(0.05))
            order.append("at once")

        async def long():
            await collect(maps.lines("long", slow.begin))
            order.append("map")

        await asyncio.gather(at_once(), long())

    asyncio.run(race())
    assert order == ["at once", "map"]


@pytest.mark.thorough
def test_five_hundred_different_maps_leave_memory_bounded(client, capsys):
    def resident():
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def ask(number):
        rate = 0.001 + number * 1e-4
        response = client.get(f"/api/map?surface=bowl&run=adam,eps:{rate:.4f}&steps=20&cells=128&map=stability,y:beta1")
        assert response.status_code == 200

    for number in range(100):
        ask(number)
    before = resident()
    for number in range(100, 600):
        ask(number)
    grown = resident() - before
    with capsys.disabled():
        kept = client.app.state.streams.kept_bytes / 2**20
        sys.stdout.write(
            f"\n500 maps of 128 × 128: peak memory grew by {grown:.0f} MB, {kept:.0f} MB of finished maps are kept\n"
        )
    assert grown < 100
