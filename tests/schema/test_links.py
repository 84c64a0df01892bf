"""Links: read, canonical, compared, and never broken by a bad value."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.labs import LABS
from app.labs.descent import DescentQuery
from app.schema.kinds import (
    Choice,
    Component,
    Flag,
    Fork,
    Names,
    Number,
    Numbers,
    OwnRows,
    Picked,
    Points,
    default_of,
    open_parameters,
    options_of,
)
from app.schema.kinds.rows import pack
from app.schema.messages import Mistake
from app.schema.page import PageQuery, read_page
from app.schema.query import most_of
from app.schema.table import LARGEST, SMALLEST


def values_of(draw, parameter, values):
    match parameter:
        case Flag():
            return draw(st.booleans())
        case Fork():
            return None  # drawn at random, hardly one would fit the other runs; the tables below have some that do
        case Choice():
            return draw(st.sampled_from(list(options_of(parameter, values))))
        case Number(low=low, high=high, is_integer=True):
            return draw(st.integers(int(low), int(high)))
        case Number(low=low, high=high):
            return draw(st.floats(low, high))


@st.composite
def picked(draw, kind):
    entry = draw(st.sampled_from(list(kind.entries.values())))
    values = {}
    for parameter in open_parameters(entry.parameters, values):
        default = default_of(parameter, values)
        values[parameter.name] = values_of(draw, parameter, values) if draw(st.booleans()) else default
    return Picked(entry, values)


@st.composite
def key_values(draw, kind):
    match kind:
        case Component():
            if most := most_of(kind):
                return tuple(draw(st.lists(picked(kind), min_size=1, max_size=most)))
            return draw(picked(kind))
        case Numbers(parts=parts, low=low, high=high):
            return tuple(draw(st.floats(low, high)) for _ in parts)
        case Points(most=most, low=low, high=high):
            return tuple(draw(st.lists(st.tuples(st.floats(low, high), st.floats(low, high)), max_size=most)))
        case Names():
            chosen = draw(st.sets(st.sampled_from(list(kind.options())), min_size=1))
            return tuple(name for name in kind.options() if name in chosen)
        case OwnRows():
            cells = st.floats(-LARGEST, LARGEST).filter(lambda cell: cell == 0 or abs(cell) >= SMALLEST)
            rows = draw(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5))
            return kind.parse("rows", pack("\n".join(",".join(map(repr, row)) for row in rows)))
        case _:
            return values_of(draw, kind, {})


@st.composite
def queries(draw, model, roles=("query", "page")):
    given_keys = {name: draw(key_values(kind)) for name, kind in model.keys(*roles).items() if draw(st.booleans())}
    return model(**given_keys)


each_lab = pytest.mark.parametrize("model", [lab.query for lab in LABS], ids=[lab.slug for lab in LABS])


@pytest.mark.sampled
@each_lab
@given(data=st.data())
def test_a_printed_query_reads_back_as_itself(model, data):
    query = data.draw(queries(model))
    notes = []
    again = read_page(model, query.link(), notes).check_problem(notes).first
    # Values may contradict each other in ways that only `check` can tell: then there are notes.
    if not notes:
        assert again == query
        assert again.link() == query.link()


@pytest.mark.sampled
@each_lab
@given(data=st.data())
def test_a_printed_comparison_reads_back_as_itself(model, data):
    first, second = data.draw(queries(model)), data.draw(queries(model, roles=("query",)))
    notes = []
    page = read_page(model, PageQuery(first, second).link(), notes).check_problem(notes)
    if not notes and page.second is not None:
        assert read_page(model, page.link()).check_problem(None) == page


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("surface=bowl", ""),
        ("steps=200&surface=beale", "surface=beale"),
        ("run=adam,beta2:0.999,learning_rate:.3", "run=adam,learning_rate:0.3,beta2:0.999"),
        ("run=adam&run=gd", "run=adam&run=gd"),
        ("start=-8%2C2", "start=-8,2"),
        ("learning_rate=1e-7", "learning_rate=1e-7"),
        ("run=gd,schedule:cosine,warmup:20", "run=gd,schedule:cosine,warmup:20"),
        ("run=gd&run=gd,fork:1%4037,learning_rate:.01", "run=gd&run=gd,learning_rate:0.01,fork:1@37"),
        ("run=adam&run=adam,fork:1@5&run=adam,fork:2@0", "run=adam&run=adam,fork:1@5&run=adam,fork:2@0"),
        ("at=37&vs.scaler=standardize&surface=regression", "surface=regression&at=37&vs.scaler=standardize"),
        (
            "surface=regression&scaler=standardize&vs.scaler=none",
            "surface=regression&scaler=standardize&vs.scaler=none",
        ),
        ("vs.run=adam&vs.run=gd", "vs.run=adam&vs.run=gd"),
        # A second panel that does not differ is none.
        ("learning_rate=0.1&vs.learning_rate=0.1", "learning_rate=0.1"),
    ],
)
def test_links_are_canonical(link, canonical):
    assert read_page(DescentQuery, link).link() == canonical


MISTAKES = [
    ("surface=everest", "unknown surface 'everest'; expected one of bowl, "),
    ("surfase=bowl", "unknown key 'surfase'; expected one of surface, "),
    ("surface=bowl&surface=beale", "surface is given more than once; expected it once"),
    ("surface=bowl,", "surface bowl has the part ''; expected key:value"),
    ("surface=bowl,kappa", "surface bowl has the part 'kappa'; expected key:value"),
    ("surface=bowl,kappa:", "surface bowl has the part 'kappa:'; expected key:value"),
    ("surface=bowl,kappa:2,kappa:3", "surface bowl has 'kappa' more than once; expected it once"),
    ("surface=bowl,height:2", "unknown surface key 'height'; expected one of kappa, angle"),
    ("surface=", "unknown surface ''; expected one of bowl, "),
    ("run=gd,learning_rate:nan", "learning_rate must be between 1e-12 and 1000, got 'nan'"),
    ("run=gd,warmup:20", "unknown run key 'warmup'; expected one of learning_rate, schedule"),
    ("run=gd&run=gd,fork:1", "fork must be run@step, such as 2@37, got '1'"),
    ("run=gd&run=gd,fork:0@3", "fork run must be a whole number between 1 and 8, got 0"),
    ("run=gd&run=gd,fork:1@2.5", "fork step must be a whole number between 0 and 2000, got 2.5"),
    ("run=gd&run=gd,fork:2@3", "run 2 is forked from run 2; expected a run before it"),
    ("run=gd&run=gd,fork:3@3", "run 2 is forked from run 3; expected a run before it"),
    ("run=gd&run=adam,fork:1@3", "run 2, adam, is forked from run 1, gd; expected the same optimizer"),
    ("run=gd&run=gd,fork:1@30&steps=20", "run 2 is forked at step 30; expected at most 20, the number of steps"),
    ("&".join(["run=gd"] * 9), "run may be given at most 8 times, got 9"),
    ("start=1", "start must be 2 numbers, x,y; got '1'"),
    ("start=1,nan", "start y must be between -1000000000 and 1000000000, got 'nan'"),
    ("view=5,-5,0,1", "view must be x0,x1,y0,y1 with x0 < x1 and y0 < y1"),
    ("steps=2001", "steps must be a whole number between 1 and 2000, got 2001"),
    ("rate=relative&surface=beale", "rate=relative needs a quadratic surface, and beale is none"),
    ("surface=regression&scaler=minmax,low:1,high:0", "low must be below high, got low 1 and high 0"),
    ("surface=regression&scaler=minmax,low:0,high:5e-324", "low must be at least 1e-09 below high, got low 0"),
    ("fields=grads,grads", "fields names 'grads' more than once; expected it once"),
    ("vs.colour=red", "unknown vs. key 'colour'; expected one of surface, "),
    ("vs.at=3", "unknown vs. key 'at'; expected one of surface, "),
    ("lang=tlh", "unknown lang 'tlh'; expected one of en"),
]


@pytest.mark.parametrize(("link", "message"), MISTAKES, ids=[link[:40] for link, _ in MISTAKES])
def test_a_bad_link_gets_a_sentence(link, message):
    with pytest.raises(Mistake) as caught:
        read_page(DescentQuery, link).check_problem(None)
    assert str(caught.value).startswith(message) or message in str(caught.value)


@pytest.mark.parametrize(("link", "message"), MISTAKES, ids=[link[:40] for link, _ in MISTAKES])
def test_a_bad_link_opens_a_page_all_the_same_and_says_what_was_wrong(link, message):
    notes = []
    page = read_page(DescentQuery, link + "&seed=7", notes).check_problem(notes)
    assert page.first.seed == 7  # what was good is kept
    assert [str(note) for note in notes if message in str(note)]
    assert read_page(DescentQuery, page.link()).check_problem(None) == page  # and what stands now is a good link


@pytest.mark.parametrize(
    ("link", "used"),
    [
        ("surface=everest", "surface=&".removesuffix("surface=&")),
        ("surface=bowl,kappa:-1,angle:30", "surface=bowl,angle:30"),
        ("run=adam,learning_rate:99999&run=gd", "run=adam&run=gd"),
        ("run=sgd&run=adam", "run=adam"),
        ("run=sgd", ""),
    ],
)
def test_only_the_bad_value_is_replaced(link, used):
    assert read_page(DescentQuery, link, []).link() == used


def test_a_note_says_what_stands_in_for_the_bad_value():
    notes = []
    read_page(DescentQuery, "steps=0", notes)
    assert [str(note) for note in notes] == [
        "using 200: steps must be a whole number between 1 and 2000, got 0",
    ]


@given(st.text(max_size=300))
def test_no_text_breaks_a_page(text):
    page = read_page(DescentQuery, text, [])
    assert math.isfinite(page.first.tolerance)
