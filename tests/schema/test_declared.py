"""What the page is told of each key."""

import pytest

from app.labs import LABS
from app.labs.critical.query import CriticalQuery
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
