"""What the page is told of each key."""

import pytest

from app.labs import LABS
from app.labs.critical.query import CriticalQuery
from app.schema.kinds import Number
from app.schema.messages import Mistake
from app.schema.query import LabQuery, changed, key
from app.web.declarations import declare


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_a_key_changes_only_computations_that_there_are(lab):
    served = {each.name for each in (*lab.computations, *lab.streams)}
    for record in declare(lab.query, str):
        assert set(record["only"]) <= served, record["name"]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.slug)
def test_whatever_binds_the_surface_shapes_it(lab):
    """The page asks for the contours anew when one of these changes, and for nothing else."""
    shaping = {record["name"] for record in declare(lab.query, str) if record["shapes"]}
    keys = lab.query.keys("query")
    assert shaping == {name for name in SHAPING if name in keys and "surface" in keys}


SHAPING = ("surface", "rows", "scaler", "morph", "fit", "outlier", "penalty", "seed")


def test_a_question_of_critical_points_is_asked_with_its_own_keys():
    asked = {
        name: {record["name"] for record in declare(CriticalQuery, str) if name in record["only"]}
        for name in ("expansion", "escape", "network")
    }
    surface = {"surface", "scaler", "penalty", "view"}
    assert asked["expansion"] == surface | {"point"}
    assert asked["escape"] == surface | {"point", "epsilon", "learning_rate", "beta1", "noise", "steps"}
    assert asked["network"] == {"hidden"}  # and the seed, which all have


class First(LabQuery):
    size: int = key(Number(name="size", title="Size", default=1, low=0, high=9, slider=(0, 9)), group="main")


class Last(LabQuery, last=True):
    end: int = key(Number(name="end", title="End", default=1, low=0, high=9, slider=(0, 9)))


class Own(Last, First):
    own: int = key(Number(name="own", title="Own", default=1, low=0, high=9, slider=(0, 9)))
    end: int = changed(Last, "end", kind={"high": 5, "default": 3}, default=3)
    size: int = changed(First, "size", group="other")


def test_a_changed_key_keeps_its_place_and_what_is_not_changed():
    ats = Own.ats()
    assert list(ats) == ["size", "own", "end"]
    assert (ats["size"].group, First.ats()["size"].group, ats["size"].kind) == (
        "other",
        "main",
        First.ats()["size"].kind,
    )
    assert (Own.read([]).end, Last.read([]).end, ats["end"].kind.title) == (3, 1, "End")
    with pytest.raises(Mistake, match="end must be between 0 and 5, got 7"):
        Own.read([("end", "7")])
