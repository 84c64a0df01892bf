"""What the presets of Critical points say, as checks of the answers that they speak of."""

import math

import numpy as np

from tests.claims.views import View, panels

CURVATURE, ESCAPE = 2, 3  # among the lab's computations


def escapes(query: str) -> list[dict[str, View]]:
    return [{run.name: run for run in panel.runs} for panel in panels("critical", query, ESCAPE)]


def himmelblau(query):
    (panel,) = panels("critical", query)
    assert (panel.found, panel.counts.minimum, panel.counts.saddle, panel.counts.maximum) == (9, 4, 4, 1)
    at = {kind: [each.at for each in panel.points if each.kind == kind] for kind in ("minimum", "maximum")}
    x, y = zip(*at["minimum"], strict=True)
    ((middle_x, middle_y),) = at["maximum"]
    assert min(x) < middle_x < max(x)
    assert min(y) < middle_y < max(y)


def two_weights(query):
    (panel,) = panels("critical", query)
    np.testing.assert_allclose(panel.point.hessian, [[0, -2], [-2, 0]], atol=1e-12)
    assert panel.point.kind == "saddle"
    assert panel.point.eigenvalues[0] < 0
    np.testing.assert_allclose(np.abs(panel.point.eigenvectors[0]), math.sqrt(0.5))
    assert np.prod(panel.point.eigenvectors[0]) > 0
    assert len(panel.curves) == 2
    np.testing.assert_allclose([curve.loss for curve in panel.curves], 0, atol=1e-20)


def monkey_saddle(query):
    (panel,) = panels("critical", query)
    assert not np.any(panel.point.hessian)
    assert panel.point.kind == "degenerate"


def escape(query):
    (smaller,) = escapes(query.replace("epsilon=0.000001", "epsilon=0.0000001"))
    (shown,) = escapes(query)
    assert round(smaller["offset"].predicted - shown["offset"].predicted, 1) == 12.6
    assert round(math.log(10) / math.log(1 + 0.1 * 2), 1) == 12.6
    assert smaller["offset"].left_at - shown["offset"].left_at in (12, 13)


def momentum_escapes(query):
    (shown, plain) = escapes(query)
    assert shown["momentum"].left_at < shown["offset"].left_at / 2
    assert plain["momentum"].left_at == plain["offset"].left_at


def curvature(query):
    (grid,) = panels("critical", query, CURVATURE)
    is_convex = np.asarray(grid.smallest) > 0
    assert 0 < is_convex.mean() < 0.6
    (panel,) = panels("critical", query)
    for point in panel.points:
        column = int(np.argmin(np.abs(np.asarray(grid.x) - point.at[0])))
        row = int(np.argmin(np.abs(np.asarray(grid.y) - point.at[1])))
        assert is_convex[row, column] == (point.kind == "minimum")
    # Newton's step decreases the loss to first order where both eigenvalues are positive; at the point, it climbs.
    step = -np.linalg.solve(np.asarray(panel.point.hessian), np.asarray(panel.point.grads))
    assert max(panel.point.eigenvalues) < 0 < step @ np.asarray(panel.point.grads)


def many(query):
    (panel,) = panels("critical", query)
    assert panel.found == 441
    assert 0.23 < panel.counts.minimum / 441 < 0.28
    assert 0.49 < panel.counts.saddle / 441 < 0.51


def plateau(query):
    (panel,) = panels("critical", query)
    assert 0 < np.linalg.norm(panel.point.grads) < 1e-7
    assert panel.point.kind == "flat"
    assert panel.areas
    assert [point.at for point in panel.points] == [(0, 0)]


def circles(query):
    (panel,) = panels("critical", query)
    assert sum(curve.is_closed for curve in panel.curves) >= 5
    for curve in panel.curves:
        radii = np.linalg.norm(np.asarray(curve.points), axis=1)
        assert np.ptp(radii) < 1e-9
        assert min(np.abs(curve.eigenvalues)) == 0
        is_trough = curve.eigenvalues[1] > 0
        assert is_trough == (curve.loss < -0.1)


CLAIMS = {
    "himmelblau": himmelblau,
    "two-weights": two_weights,
    "monkey-saddle": monkey_saddle,
    "escape": escape,
    "momentum-escapes": momentum_escapes,
    "curvature": curvature,
    "many": many,
    "plateau": plateau,
    "circles": circles,
}
