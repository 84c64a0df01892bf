"""What the presets of Scaling say, as checks of the answers that they speak of."""

import numpy as np

from tests.claims.views import View, panels, runs


def kappa(panel: View) -> float:
    return panel.surface.hessian.kappa


def scaler_row(panel: View, name: str) -> View:
    (found,) = (row for row in panel.scalers if row.name == name)
    return found


def deviations(panel: View) -> np.ndarray:
    return np.std(np.asarray(panel.data.rows)[:, :2], axis=0)


def morph(query):
    halfway = [panels("scaling", query.replace("morph=0", f"morph={t}"))[0] for t in (0, 0.25, 0.5, 0.75, 1)]
    kappas = [kappa(panel) for panel in halfway]
    assert kappas == sorted(kappas, reverse=True)
    assert [round(kappas[0]), round(kappas[-1])] == [16, 1]
    low, high = sorted(deviations(halfway[0]))
    assert high / low > 4
    np.testing.assert_allclose(deviations(halfway[-1]), 1)


def side_by_side(query):
    raw, scaled = runs("scaling", query)
    assert (raw.reached_at, raw.shape) == (60, "zig-zag")
    assert (scaled.reached_at, scaled.shape) == (17, "straight")


def extreme(query):
    (panel,) = panels("scaling", query)
    assert round(scaler_row(panel, "none").kappa, -4) == 260_000
    (raw,) = panels("scaling", query.replace("morph=0.5", "morph=0"))
    assert round(kappa(raw), -4) == 260_000
    alcohol, proline = raw.summaries[0].raw.mean
    assert 5 < alcohol < 20
    assert 100 < proline < 1000


def outlier(query):
    squeezed, robust = panels("scaling", query)
    assert [round(kappa(squeezed), 1), round(kappa(robust), 2)] == [4.8, 1.16]
    for name, share in (("minmax", 0.38), ("robust", 1.0)):
        row = scaler_row(squeezed, name)
        assert round(row.spread[0] / row.spread_without_outlier[0], 2) == share


def leak(query):
    apart, leaked = (float(np.asarray(run.test_loss)[-1]) for run in runs("scaling", query))
    assert (round(apart, 3), round(leaked, 3)) == (0.204, 0.122)


def centering(query):
    squeezed, standardized = panels("scaling", query)
    low, high = squeezed.summaries[0].raw.mean
    assert 9_000 < high / low < 11_000
    assert round(kappa(squeezed)) == 7
    assert kappa(standardized) < 1.1
    np.testing.assert_allclose(standardized.summaries[0].scaled.mean, 0, atol=1e-12)
    assert np.min(squeezed.summaries[0].scaled.mean) > 0.4


def correlated(query):
    standardized, whitened = panels("scaling", query)
    rho = abs(np.corrcoef(np.asarray(standardized.data.rows)[:, :2].T)[0, 1])
    np.testing.assert_allclose(kappa(standardized), (1 + rho) / (1 - rho))
    np.testing.assert_allclose(kappa(whitened), 1)


def rows(query):
    unit, standardized = panels("scaling", query)
    np.testing.assert_allclose(np.linalg.norm(np.asarray(unit.data.rows)[:, :2], axis=1), 1)
    assert kappa(unit) > 3 * scaler_row(unit, "none").kappa
    assert kappa(standardized) < 1.1


def not_needed(query):
    (panel,) = panels("scaling", query)
    low, high = sorted(deviations(panel))
    assert high / low < 1.15
    assert kappa(panel) < 1.25
    assert kappa(panel) - scaler_row(panel, "standardize").kappa < 0.25


CLAIMS = {
    "morph": morph,
    "side-by-side": side_by_side,
    "extreme": extreme,
    "outlier": outlier,
    "leak": leak,
    "centering": centering,
    "correlated": correlated,
    "rows": rows,
    "not-needed": not_needed,
}
