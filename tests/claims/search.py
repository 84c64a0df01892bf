"""What the presets of Search say, as checks of the answers that they speak of."""

import numpy as np

from tests.claims.views import panels


def idle_number(query):
    grid, random = panels("search", query)
    assert [len(set(panel.samples.x)) for panel in (grid, random)] == [4, 16]
    assert grid.tried == random.tried == 16
    # Runs of one column of the grid differ in ε alone.
    x, values = np.asarray(grid.samples.x), np.asarray(grid.samples.value)
    finite = [values[x == rate] for rate in set(grid.samples.x) if np.isfinite(values[x == rate]).all()]
    assert max(np.ptp(column) / column.max() for column in finite) < 0.01
    assert random.bands.middle[-1] < grid.bands.middle[-1] / 1000


def top_decade(query):
    budget = "budget=100&seeds=1"
    uniform, spread = panels("search", f"{budget}&{query}")
    share = np.mean(np.asarray(uniform.samples.x) > 1)
    assert 0.85 < share < 0.97
    assert np.mean(np.asarray(spread.samples.x) > 1) < 0.3
    for panel in (uniform, spread):
        assert np.isinf(np.asarray(panel.samples.value)[np.asarray(panel.samples.x) > 1]).all()


def one_minus(query):
    linear, logarithmic = panels("search", query.replace("&vs.", "&budget=100&seeds=1&vs."))
    shares = [np.mean(np.asarray(panel.samples.y) > 0.9) for panel in (linear, logarithmic)]
    np.testing.assert_allclose(shares, (0.1, 0.75), atol=0.09)
    assert [round(1 / (1 - beta)) for beta in (0.9, 0.9999)] == [10, 10_000]


def coarse_to_fine(query):
    fine, spread = panels("search", query)
    assert list(fine.rounds) == [18, 18]
    x0, x1, y0, y1 = fine.fine_box
    x, y = np.asarray(fine.samples.x), np.asarray(fine.samples.y)
    is_inside = (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)
    assert is_inside[18:].all()
    assert not is_inside[:18].all()
    best = int(np.argmin(np.asarray(fine.samples.value)[:18]))
    assert is_inside[best]
    assert fine.bands.middle[-1] < spread.bands.middle[-1]


def budget(query):
    few, many = panels("search", query)
    assert (few.tried, many.tried) == (16, 64)
    assert list(few.samples.x) == list(many.samples.x)[:16]
    assert list(few.samples.y) == list(many.samples.y)[:16]
    middle = np.asarray(many.bands.middle)
    np.testing.assert_array_equal(np.asarray(few.bands.middle), middle[:16])
    assert np.all(np.diff(middle) <= 0)
    decades = -np.diff(np.log10(middle[[15, 31, 63]])) / (16, 32)
    assert decades[0] > decades[1] > 0


def guess_first(query):
    (panel,) = panels("search", query)
    assert list(panel.own.x) == []
    assert panel.truth.value < panel.bands.middle[-1]
    (guessed,) = panels("search", f"{query}&own={panel.truth.x}:{panel.truth.y}")
    assert list(guessed.own.x) == [panel.truth.x]
    assert guessed.own.value[0] < panel.bands.middle[-1]


CLAIMS = {
    "idle-number": idle_number,
    "top-decade": top_decade,
    "one-minus": one_minus,
    "coarse-to-fine": coarse_to_fine,
    "budget": budget,
    "guess-first": guess_first,
}
