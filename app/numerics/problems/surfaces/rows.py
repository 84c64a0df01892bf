"""What the surfaces made of data share: which columns, which rows train, how they are scaled, what is drawn."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from app.numerics.problems.datasets import DATASETS, held_out
from app.numerics.problems.scalers import Scaling
from app.numerics.problems.surfaces.record import Box, Point, Rows, Values, complete
from app.schema.kinds import Choice, Number
from app.schema.messages import N_

INTERCEPT = Choice(
    name="intercept",
    title=N_("Intercept"),
    symbol="b",
    options={"profiled": N_("at its best for every w"), "fixed": N_("fixed at 0")},
    default="profiled",
    help=N_("At its best, b centers the features; fixed at 0, features far from 0 stretch the surface."),
)
SPLIT = Number(
    name="split",
    title=N_("Test share"),
    default=0.0,
    low=0.0,
    high=0.9,
    slider=(0.0, 0.5),
    help=N_("The share of rows held out. Loss and scaler see the others only."),
)

ONE_FEATURE = N_("a line: one feature says nothing that the other does not")


def columns(names: tuple[str, ...]) -> tuple[Choice, Choice, Choice]:
    """Declare the choice of a data set among `names`, and of two of its features."""
    chosen = {name: DATASETS[name] for name in names}
    data = Choice(
        name="data",
        title=N_("Data"),
        options={name: dataset.title for name, dataset in chosen.items()},
        default=names[0],
    )
    x1, x2 = (
        Choice(
            name=f"x{1 + which}",
            title=title,
            symbol=symbol,
            options={name: dataset.features for name, dataset in chosen.items()},
            default={name: dataset.pair[which] for name, dataset in chosen.items()},
            depends_on="data",
        )
        for which, (symbol, title) in enumerate([("x₁", N_("First feature")), ("x₂", N_("Second feature"))])
    )
    return data, x1, x2


def prepare(values: Values, target: str, targets: Float[np.ndarray, " rows"], scaling: Scaling, seed: int) -> Rows:
    """Hold out the test rows and scale both features with what the training rows say."""
    dataset = DATASETS[values["data"]]
    raw = np.column_stack([dataset.column(values["x1"], seed), dataset.column(values["x2"], seed)])
    is_train = ~held_out(len(raw), values["split"], seed)
    return scaled_rows((values["x1"], values["x2"]), target, raw, targets, is_train, scaling)


def scaled_rows(
    features: tuple[str, str],
    target: str,
    raw: Float[np.ndarray, "rows 2"],
    targets: Float[np.ndarray, " rows"],
    is_train: Bool[np.ndarray, " rows"],
    scaling: Scaling,
    *,
    fits_all: bool = False,
    share: float = 1.0,
) -> Rows:
    """Scale both features with what the training rows say.

    Args:
        fits_all: lets the test rows have their say, too, which is a mistake worth looking at.
        share: how much of the way from the raw features to the scaled ones is gone.
    """
    scaler = scaling.scaler
    transformer = scaler.make(**complete(scaler.parameters, scaling.values)).fit(raw if fits_all else raw[is_train])
    affine = scaler.affine(transformer).partway(share) if scaler.affine else None
    if share == 1:
        scaled = transformer.transform(raw)
    elif affine:
        scaled = affine(raw)
    else:  # each row has a factor of its own, and goes its own way
        scaled = raw * partial_factors(raw, transformer.transform(raw), share)
    return Rows(
        features=features,
        target=target,
        raw=read_only(raw),
        scaled=read_only(scaled),
        targets=read_only(targets),
        is_train=read_only(is_train),
        affine=affine,
    )


def partial_factors(
    raw: Float[np.ndarray, "rows 2"], scaled: Float[np.ndarray, "rows 2"], share: float
) -> Float[np.ndarray, "rows 1"]:
    """Return factorᵗ of each row, where scaled = factor · raw with one positive factor a row; 1 for a row of zeros."""
    sizes = np.abs(raw).max(axis=1, keepdims=True)
    is_zero = sizes == 0
    factors = np.abs(scaled).max(axis=1, keepdims=True) / np.where(is_zero, 1.0, sizes)
    return np.where(is_zero, 1.0, factors) ** share


def read_only(array: np.ndarray) -> np.ndarray:
    """Return a copy that nobody can change."""
    array = np.array(array)
    array.flags.writeable = False
    return array


class Principal(NamedTuple):
    """Features as left · diag(singular) · right: singular² are the curvatures along the rows of `right`."""

    left: Float[np.ndarray, "rows 2"]
    singular: Float[np.ndarray, "2"]
    right: Float[np.ndarray, "2 2"]
    is_curved: Bool[np.ndarray, "2"]  # false where the loss does not change along that row of `right`


def principal(features: Float[np.ndarray, "rows 2"], size: float) -> Principal:
    """Decompose features / √rows.

    The product XᵀX would square κ, and lose the smaller curvature of rows like x₁ in [0, 1], x₂ in [1, 10⁴].

    Args:
        size: the largest feature before centering, whose rounding errors are no curvature.
    """
    left, singular, right = np.linalg.svd(features / np.sqrt(len(features)), full_matrices=False)
    # Below 1e-8 of the other a singular value is below the last digit of the Hessian, where it enters squared; and
    # below 1e-12 of the features it is what rounding left of a constant.
    is_curved = singular > max(1e-8 * singular[0], 1e-12 * size)
    return Principal(left, np.where(is_curved, singular, 0.0), right, is_curved)


def nice_half(wanted: float) -> float:
    """Return the next of 1, 2, 5 × 10ᵏ."""
    power = 10.0 ** math.floor(math.log10(wanted))
    half = next(nice * power for nice in (1.0, 2.0, 5.0, 10.0) if nice * power >= wanted)
    return float(f"{half:.2g}")  # 5 · 10⁻³ without the rounding of a last digit


def square(half: float) -> tuple[Box, Point]:
    """Choose what is drawn, and the start: the square around 0 of this half-width, and (−0.8, 0.2) of it.

    A square, so that one unit of w₁ is as long as one of w₂.
    """
    return ((-half, half), (-half, half)), (float(f"{-0.8 * half:.3g}"), float(f"{0.2 * half:.3g}"))


def weight_axes(rows: Rows, scaling: Scaling) -> tuple[str, str]:
    """Name the two weights after what they multiply."""
    if scaling.scaler.name == "whiten":
        return N_("w₁ (first component)"), N_("w₂ (second component)")
    return f"w₁ ({rows.features[0]})", f"w₂ ({rows.features[1]})"


def line_in(box: Box, point: Float[np.ndarray, "2"], direction: Float[np.ndarray, "2"]) -> tuple[Point, ...]:
    """Return points of a straight line that lie in the box, at even distances."""
    reach = 2.0 * (box[0][1] - box[0][0])
    candidates = point + np.linspace(-reach, reach, 201)[:, None] * direction
    low, high = np.array(box).T
    inside = candidates[np.all((candidates >= low) & (candidates <= high), axis=1)]
    return tuple((float(w1), float(w2)) for w1, w2 in inside)
