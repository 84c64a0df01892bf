"""Half-scaled rows, outliers, weights in two unit systems: against closed forms and plain NumPy."""

import numpy as np
import pytest

from app.numerics.analysis.scaling import (
    bundled,
    intercepts,
    mapped_back,
    problem_of,
    shape_of,
    sheet_of,
    troubles,
    with_outlier,
    without_outlier,
)
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces.record import complete
from app.numerics.problems.surfaces.regression import regression
from app.sentences.scaling import about_troubles

pytestmark = pytest.mark.sampled(4)

WINE = complete(regression.parameters, {})
affine_scalers = pytest.mark.parametrize("name", [name for name, scaler in SCALERS.items() if scaler.affine])
each_scaler = pytest.mark.parametrize("name", SCALERS)


def wine(**changes):
    return bundled({**WINE, **changes}, 0)


def problem(sheet, name="standardize", *, is_profiled=True, **options):
    return problem_of(sheet, Scaling(SCALERS[name]), is_profiled=is_profiled, **options)


def rows_of(sheet, name="standardize", **options):
    rows = problem(sheet, name, **options).rows
    assert rows is not None
    return rows


def affine_of(rows):
    assert rows.affine is not None
    return rows.affine


def kappa(problem):
    low, high = np.linalg.eigvalsh(problem.hessian)
    return high / low


def hessian(features):
    """½·MSE with the best intercept: the population covariance."""
    return np.cov(features.T, bias=True)


@affine_scalers
def test_what_is_known_of_a_scaler_is_what_it_does(name):
    scaler = SCALERS[name]
    raw = wine(x1="alcohol", x2="proline").raw
    fitted = scaler.make(**complete(scaler.parameters, {})).fit(raw[:100])
    assert scaler.affine is not None
    affine = scaler.affine(fitted)
    np.testing.assert_allclose(affine(raw), fitted.transform(raw), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(affine.partway(1.0)(raw), affine(raw), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(affine.partway(0.0)(raw), raw, rtol=1e-12)


@each_scaler
def test_both_ends_of_the_way_are_the_raw_and_the_scaled_rows(name):
    sheet = wine(split=0.3)
    fitted = SCALERS[name].make(**complete(SCALERS[name].parameters, {})).fit(sheet.raw[sheet.is_train])
    np.testing.assert_allclose(rows_of(sheet, name, share=0.0).scaled, sheet.raw, rtol=1e-12)
    np.testing.assert_allclose(rows_of(sheet, name, share=1.0).scaled, fitted.transform(sheet.raw), rtol=1e-12)


@each_scaler
def test_the_way_has_no_jumps(name):
    sheet = wine()
    shares = np.linspace(0, 1, 41)
    paths = np.array([rows_of(sheet, name, share=share).scaled for share in shares])
    longest = np.abs(np.diff(paths, axis=0)).max()
    assert longest < 0.15 * max(np.abs(paths[0]).max(), np.abs(paths[-1]).max())


def test_kappa_falls_evenly_where_features_are_not_correlated():
    """Variances σᵢ² become σᵢ^(2 − 2t): κ(t) is κ(0)^(1 − t)."""
    x1, x2 = np.meshgrid([-1.0, 1.0], [-8.0, 8.0])
    sheet = sheet_of(("a", "b", "y"), np.column_stack([x1.ravel(), x2.ravel(), x1.ravel()]), share=0, seed=0)
    for share in (0.0, 0.25, 0.5, 1.0):
        assert kappa(problem(sheet, share=share)) == pytest.approx(64 ** (1 - share), rel=1e-12)


def test_the_opening_pair_goes_from_16_to_1():
    kappas = [kappa(problem(wine(), share=share)) for share in np.linspace(0, 1, 21)]
    assert kappas[0] == pytest.approx(16.4, abs=0.05)
    assert kappas[-1] == pytest.approx(1.05, abs=0.005)
    assert np.all(np.diff(kappas) < 0)


@each_scaler
@pytest.mark.parametrize("is_profiled", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_the_drawn_square_holds_the_minimum_all_the_way(name, is_profiled, share):
    sheet = wine(x1="alcohol", x2="proline")
    found = problem(sheet, name, is_profiled=is_profiled, share=share)
    assert np.abs(found.minima.points[0]).max() < found.domain[0][1]


@affine_scalers
@pytest.mark.parametrize("is_profiled", [True, False])
@pytest.mark.parametrize("share", [0.4, 1.0])
def test_weights_mapped_back_make_the_same_predictions(name, is_profiled, share):
    sheet = wine()
    rows = rows_of(sheet, name, is_profiled=is_profiled, share=share)
    params = np.array([[0.3, -0.7], [2.0, 0.0]])
    intercept = intercepts(rows, params, is_profiled=is_profiled)
    back = mapped_back(affine_of(rows), params, intercept)
    scaled = rows.scaled @ params.T + intercept
    np.testing.assert_allclose(sheet.raw @ back[:, :2].T + back[:, 2], scaled, rtol=1e-10, atol=1e-10)


def test_the_minimum_mapped_back_is_least_squares_on_the_raw_rows():
    sheet = wine(split=0.25)
    found, rows = problem(sheet), rows_of(sheet)
    params = np.array(found.minima.points)
    back = mapped_back(affine_of(rows), params, intercepts(rows, params, is_profiled=True))[0]
    train = sheet.is_train
    design = np.column_stack([sheet.raw[train], np.ones(train.sum())])
    expected, *_ = np.linalg.lstsq(design, sheet.targets[train], rcond=None)
    np.testing.assert_allclose(back, expected, rtol=1e-9)


def test_an_outlier_is_one_more_training_row_with_the_mean_target():
    plain = wine(split=0.3)
    sheet = with_outlier(plain, (15.0, 30.0))
    assert sheet.is_train.sum() == plain.is_train.sum() + 1
    assert sheet.targets[-1] == plain.targets[plain.is_train].mean()
    scaled = (sheet.raw - sheet.train.mean(axis=0)) / sheet.train.std(axis=0)
    found = problem(sheet)
    assert found.hessian is not None
    np.testing.assert_allclose(rows_of(sheet).scaled, scaled, rtol=1e-12)
    np.testing.assert_allclose(found.hessian, hessian(scaled[sheet.is_train]), rtol=1e-12)
    np.testing.assert_array_equal(without_outlier(sheet).raw, plain.raw)


def test_an_outlier_squeezes_minmax_and_hardly_moves_the_robust_scaler():
    plain, sheet = wine(), with_outlier(wine(), (15.0, 30.0))
    change = {}
    for name in ("minmax", "standardize", "robust"):
        before, after = (
            shape_of(s, Scaling(SCALERS[name]), is_profiled=True, fits_all=False).spread for s in (plain, sheet)
        )
        change[name] = after[0] / before[0]
    assert change["minmax"] < 0.25
    assert 0.25 < change["standardize"] < 0.75
    assert change["robust"] == pytest.approx(1, abs=0.02)


def test_a_scaler_that_has_seen_the_test_rows_centers_all_of_them():
    sheet = wine(split=0.4)
    honest, leaking = (rows_of(sheet, fits_all=fits_all).scaled for fits_all in (False, True))
    np.testing.assert_allclose(honest[sheet.is_train].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(leaking.mean(axis=0), 0, atol=1e-12)
    assert np.abs(leaking[sheet.is_train].mean(axis=0)).max() > 1e-3


ROWS = {
    "one row": ([[1.0, 2.0, 3.0]], True, "one training row"),
    "constant": ([[1.0, 2.0, 3.0], [1.0, 5.0, 1.0], [1.0, 7.0, 2.0]], True, "a is 1 in every training row"),
    "both constant": ([[1.0, 2.0, 3.0], [1.0, 2.0, 1.0]], True, "a is 1 in every training row"),
    "constant, no intercept": ([[1.0, 2.0, 3.0], [1.0, 5.0, 1.0]], False, "a is 1 in every training row"),
    "collinear": ([[1.0, 2.0, 3.0], [2.0, 4.0, 1.0], [5.0, 10.0, 2.0]], True, "a and b are collinear"),
    "collinear only with b": ([[1.0, 3.0, 3.0], [2.0, 5.0, 1.0], [5.0, 11.0, 2.0]], True, "a and b are collinear"),
}


@each_scaler
@pytest.mark.parametrize(("rows", "is_profiled", "sentence"), ROWS.values(), ids=ROWS)
def test_rows_that_decide_too_little_say_so_and_still_make_a_surface(name, rows, is_profiled, sentence):
    sheet = sheet_of(("a", "b", "y"), np.array(rows), share=0.0, seed=0)
    found = about_troubles(troubles(sheet, is_profiled=is_profiled), is_profiled=is_profiled)
    assert str(found[0]).startswith(sentence)
    for share in (0.0, 0.5, 1.0):
        found = problem(sheet, name, is_profiled=is_profiled, share=share)
        assert np.isfinite(rows_of(sheet, name, is_profiled=is_profiled, share=share).scaled).all()
        assert found.hessian is not None
        assert np.isfinite(found.hessian).all()
        assert np.isfinite(found.minima.points).all()


def test_one_row_always_trains():
    sheet = sheet_of(("a", "b", "y"), np.array([[1.0, 2.0, 3.0]]), share=0.9, seed=0)
    assert sheet.is_train.all()


def test_ordinary_rows_have_no_troubles():
    assert not troubles(wine(), is_profiled=True)
