"""The scales of sliders: one table, computed with 50 digits, holds Python and JavaScript to the same values."""

import json
from pathlib import Path

import pytest

from app.schema.scales import share_of, values_at

TABLE = json.loads((Path(__file__).parents[1] / "data/scales.json").read_text())


@pytest.mark.parametrize(("scale", "low", "high", "share", "value"), TABLE)
def test_scales_have_the_values_of_the_table(scale, low, high, share, value):
    assert values_at(scale, low, high, share) == pytest.approx(value, rel=1e-13, abs=0)
    assert share_of(scale, low, high, value) == pytest.approx(share, rel=1e-9, abs=1e-9)
