"""Limits that are looked at on the raw text, and what a refusal leaves behind."""

import csv
import gc
import tracemalloc

import pytest

from app.labs import LABS
from app.labs.descent import DescentQuery
from app.labs.scaling.query import ScalingQuery
from app.schema.kinds.rows import pack
from app.schema.messages import Mistake
from app.schema.page import read_first, read_page

WRONG_CELL = "1,2,3\n4,five,6"
ROUND = 1500
MOST_BYTES_EACH = 20  # 100,000 refusals stay below 2 MB


def refuse(query):
    with pytest.raises(Mistake):
        read_page(ScalingQuery, query)
    read_page(ScalingQuery, query, [])


def memory_after(queries):
    for query in queries:
        refuse(query)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.thorough
def test_refused_values_leave_no_memory_behind():
    """A mistake that passed through pydantic's validation left 10 KB in a cycle that nothing collects."""
    kinds = ["steps=0.{}", "surface=x{}", "run=gd,beta9:{}", "rows=é{}&surface=own", "start={}", "morph=2{}"]
    before, after = [], []
    tracemalloc.start()
    try:
        memory_after(kinds[number % len(kinds)].format(number) for number in range(ROUND))
        before = memory_after(kinds[number % len(kinds)].format(number) for number in range(ROUND))
        after = memory_after(kinds[number % len(kinds)].format(number) for number in range(ROUND))
    finally:
        tracemalloc.stop()
    assert (after - before) / ROUND < MOST_BYTES_EACH


def test_a_short_link_that_unpacks_to_many_lines_is_refused_before_they_are_parsed(monkeypatch):
    text = pack("\n" * 131_071)
    assert len(text) < 400
    monkeypatch.setattr(csv, "reader", None)
    with pytest.raises(Mistake, match="the table has 131071 lines; expected at most 4000"):
        read_page(ScalingQuery, f"surface=own&rows={text}")


def test_a_link_with_rows_is_read_without_parsing_them(monkeypatch):
    """Two thousand rows held the event loop, and so every other visitor's question, for as long as they took."""
    monkeypatch.setattr(csv, "reader", None)
    text = pack("1,2,3\n" * 2000)
    page = read_page(ScalingQuery, f"surface=own&rows={text}")
    monkeypatch.undo()
    assert page.first.rows is not None
    assert page.first.rows.rows.shape == (2000, 3)


def test_a_page_says_which_cell_of_its_links_rows_is_wrong_and_shows_others():
    link, notes = f"surface=own&rows={pack(WRONG_CELL)}", []
    sentence = "row 2, column 'x2' of the table is 'five'; expected a number such as 3.5 or -1e3"
    page = read_page(ScalingQuery, link, notes).check_problem(notes)
    assert [str(note) for note in notes] == [
        f"using its default: {sentence}",
        "using the bundled rows: surface=own needs rows; expected a pasted table or a file",
    ]
    assert page.link() == ""
    with pytest.raises(Mistake, match="row 2, column 'x2'"):
        read_page(ScalingQuery, link).check_problem(None)


def test_an_address_with_more_keys_than_any_page_writes_is_refused_before_they_are_read():
    query = "&".join(["run=x"] * 1300)
    with pytest.raises(Mistake, match="the query has 1300 keys; expected at most 128"):
        read_page(DescentQuery, query)


def test_a_page_says_once_that_a_key_is_given_too_often():
    notes = []
    page = read_page(DescentQuery, "&".join(["run=adam"] * 1300), notes)
    assert [str(note) for note in notes] == [
        "left out: the query has 1300 keys; expected at most 128",
        "left out: run may be given at most 8 times, got 128",
    ]
    assert page.link() == "&".join(["run=adam"] * 8)


def test_a_component_with_more_parts_than_any_has_is_refused_before_they_are_read():
    with pytest.raises(Mistake, match="surface has 2000 parts; expected at most 32"):
        read_page(DescentQuery, "surface=bowl" + ",a:1" * 2000)


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_the_longest_address_that_a_page_writes_is_within_the_limits(lab):
    """Every key once, repeated ones as often as may be, and all of them again for the second panel."""
    pairs = sum(getattr(kind, "most", 0) or 1 for kind in lab.query.keys().values() if hasattr(kind, "entries"))
    pairs += sum(not hasattr(kind, "entries") for kind in lab.query.keys().values())
    assert 2 * pairs <= 128


@pytest.mark.parametrize("lab", [lab for lab in LABS if hasattr(lab.query, "problem")], ids=lambda lab: lab.slug)
def test_reading_a_link_binds_no_problem(lab, monkeypatch):
    """Links are read on the event loop, and a logistic problem alone would hold it for 10 ms."""

    def bind(query):
        raise AssertionError(f"{query.link()} was bound")

    monkeypatch.setattr(lab.query, "problem", property(bind))
    for preset in lab.presets:
        page = read_page(lab.query, preset.query)
        assert read_page(lab.query, page.link()) == page


def test_the_api_reads_the_keys_of_the_second_panel_no_further_than_their_names():
    assert read_first(DescentQuery, "steps=20&vs.steps=nonsense").link() == "steps=20"
    with pytest.raises(Mistake, match=r"unknown vs\. key 'wrong'"):
        read_first(DescentQuery, "vs.wrong=1")


def test_what_both_panels_have_in_common_is_mended_and_noted_once():
    notes = []
    page = read_page(DescentQuery, "surface=beale&rate=relative&steps=50&vs.steps=20", notes).check_problem(notes)
    assert [str(note) for note in notes] == [
        "using absolute rates: rate=relative needs a quadratic surface, and beale is none"
    ]
    assert page.link() == "surface=beale&steps=50&vs.steps=20"
