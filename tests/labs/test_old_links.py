"""Links that were given to a class once: they stay canonical, and lead to the same picture for ever.

A line is never changed. Where a default or a name changes, the old link gets an entry in an upgrade table.
"""

import pytest

from app.labs.descent import DescentQuery, compute
from app.runtime.programs import Programs
from app.schema.page import read_page
from tests.answers import plain

# (version, link, for each panel the last point of each run)
LINKS = [
    (
        "0.1",
        "surface=regression&learning_rate=0.337&steps=80&vs.scaler=standardize",
        [[(-0.667888755, 0.0846525363)], [(-0.380813322, 0.195706962)]],
    ),
    (
        "0.1",
        "surface=bowl,kappa:10,angle:30&run=gd,learning_rate:0.1&run=momentum&beta1=0.8&steps=30",
        [[(-0.21763513, -0.125651701), (-0.120191414, -0.205684407)]],
    ),
    (
        "0.1",
        "surface=himmelblau&run=adam,learning_rate:0.2&start=0,-4.5&steps=150",
        [[(-3.77840052, -3.28333933)]],
    ),
    (
        "0.1",
        "surface=logistic&scaler=standardize&run=gd,learning_rate:1&steps=50",
        [[(2.58241578, 0.869750197)]],
    ),
    (
        "0.1",
        "schedule=cosine,warmup:5&clip=norm,at:3&noise=gaussian,std:2&steps=60&seed=4",
        [[(-7.4608062, 0.31137449)]],
    ),
    (
        "0.1",
        "surface=regression,data:made_wide,split:0.3&scaler=minmax,low:-1&learning_rate=0.5&rate=relative&steps=40&seed=2",
        [[(1.4870234, -0.998946593)]],
    ),
]


@pytest.fixture(scope="module")
def programs():
    return Programs()


@pytest.mark.parametrize(("version", "link", "ends"), LINKS, ids=[link[:50] for _, link, _ in LINKS])
def test_an_old_link_still_opens_the_same_picture(programs, version, link, ends):
    page = read_page(DescentQuery, link)
    found = [[run["params"][-1] for run in plain(compute(query, programs, str))["runs"]] for query in page.panels]
    for panel, expected in zip(found, ends, strict=True):
        for run, end in zip(panel, expected, strict=True):
            assert run == pytest.approx(end, rel=1e-7)


@pytest.mark.parametrize(("version", "link"), [row[:2] for row in LINKS], ids=[link[:50] for _, link, _ in LINKS])
def test_a_link_of_this_version_is_its_own_canonical_form(version, link):
    assert version != "0.1" or read_page(DescentQuery, link).link() == link.removeprefix("surface=bowl&")
