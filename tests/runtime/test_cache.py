"""Facts: bounded in bytes, computed once, and not to be changed by who gets them."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from app.runtime.cache import Facts, size_of


@dataclass(frozen=True)
class Survey:
    points: tuple
    losses: np.ndarray


def survey(number, side=1000):
    return Survey(points=((number, 0.0),), losses=np.full(side, float(number)))


def test_a_thousand_surveys_take_no_more_than_their_bytes():
    facts = Facts(most_bytes=1_000_000)
    for number in range(1000):
        facts.remember(("survey", number), lambda number=number: survey(number))
    assert 900_000 < facts.size <= 1_000_000


def test_keys_count_as_facts_do():
    facts = Facts(most_bytes=100_000)

    @dataclass(frozen=True, eq=False)
    class Problem:
        rows: np.ndarray

    for _ in range(100):
        facts.remember(("ground", Problem(np.zeros(10_000 // 8))), lambda: 1.0)
    assert 80_000 < facts.size <= 100_000


def test_dragged_starts_leave_the_other_facts_in_place():
    facts, computed = Facts(), []
    facts.remember("survey", lambda: computed.append(1) or survey(1))
    for number in range(20_000):
        facts.remember(("start", (float(number), 0.0)), lambda number=number: np.array([float(number), 0.0]))
    facts.remember("survey", lambda: computed.append(1) or survey(1))
    assert len(computed) == 1


def test_nested_arrays_are_counted_once_and_views_as_what_they_keep_alive():
    rows = np.zeros(10_000)
    alone = size_of(rows)
    assert 80_000 < alone < 81_500
    assert size_of({"a": [rows, (rows, rows)]}) < alone + 1_500
    assert size_of(rows[:2]) > 80_000


def test_what_is_kept_is_read_only():
    facts = Facts()
    kept = facts.remember("survey", lambda: {"all": [survey(1)]})
    with pytest.raises(ValueError, match="read-only"):
        kept["all"][0].losses[0] = 2.0


def test_a_fact_that_is_larger_than_all_is_answered_and_not_kept():
    facts = Facts(most_bytes=100)
    assert facts.remember("large", lambda: survey(7)).losses[0] == 7
    assert facts.size == 0


def test_threads_that_want_the_same_fact_wait_for_one_computation():
    facts, may_go_on, computed, found = Facts(), threading.Event(), [], []

    def compute():
        computed.append(threading.get_ident())
        may_go_on.wait(10)
        return survey(3)

    threads = [threading.Thread(target=lambda: found.append(facts.remember("same", compute))) for _ in range(5)]
    for thread in threads:
        thread.start()
    # Another fact does not wait for this one.
    assert facts.remember("other", lambda: 1) == 1
    may_go_on.set()
    for thread in threads:
        thread.join()
    assert len(computed) == 1
    assert len({id(each) for each in found}) == 1


def test_a_computation_that_fails_is_tried_again():
    facts = Facts()
    with pytest.raises(ZeroDivisionError):
        facts.remember("fact", lambda: 1 / 0)
    assert facts.remember("fact", lambda: 2) == 2
