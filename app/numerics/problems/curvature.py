"""Eigenvalues and eigenvectors of symmetric 2×2 matrices, in closed form, for any number of them at once."""

from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

Entries = Any  # floats or arrays of one shape, of NumPy or of JAX


def ascending(xx: Entries, xy: Entries, yy: Entries) -> tuple[Entries, Entries]:
    """Return both eigenvalues of [[xx, xy], [xy, yy]], the smaller one first; NumPy in, NumPy out, and JAX likewise.

    Exact for diagonal matrices. Otherwise the error is a few units in the last place of the larger eigenvalue, as with
    LAPACK, at a tenth of the time. Written as the diagonal entries pushed apart (Golub and Van Loan, Matrix
    Computations, section 8.5.2): middle ± radius would round a small diagonal entry away.
    """
    space = _space(xx, xy, yy)
    _, _, push = _rotation(xx, xy, yy)
    return space.minimum(xx, yy) - push, space.maximum(xx, yy) + push


def eigenvalues_of(hessians: Float[np.ndarray, "*points 2 2"]) -> Float[np.ndarray, "*points 2"]:
    """Return the eigenvalues of symmetric matrices, ascending; the entry above the diagonal is not read."""
    return np.stack(ascending(hessians[..., 0, 0], hessians[..., 1, 0], hessians[..., 1, 1]), axis=-1)


def eigenvectors_of(hessians: Float[np.ndarray, "*points 2 2"]) -> Float[np.ndarray, "*points 2 2"]:
    """Return unit eigenvectors in rows, that of the smaller eigenvalue first.

    Of the two directions the one whose first component that is not zero to rounding is positive. A multiple of the
    identity has the axes as its eigenvectors.
    """
    xx, xy, yy = hessians[..., 0, 0], hessians[..., 1, 0], hessians[..., 1, 1]
    cosine, sine, _ = _rotation(xx, xy, yy)
    # In its own frame the larger diagonal entry belongs to the larger eigenvalue.
    is_first_larger = xx > yy
    lower = np.where(is_first_larger, (-sine, cosine), (cosine, -sine))
    upper = np.where(is_first_larger, (cosine, sine), (sine, cosine))
    vectors = np.moveaxis(np.array([lower, upper]), (0, 1), (-2, -1))
    leading = np.where(np.abs(vectors[..., :1]) > 1e-9, vectors[..., :1], vectors[..., 1:])
    return vectors * np.copysign(1.0, leading) + 0.0  # no −0


def _rotation(xx: Entries, xy: Entries, yy: Entries) -> tuple[Entries, Entries, Entries]:
    """Return cosine and sine of the eigenvectors' angle (at most 45°), and how far they push the eigenvalues apart."""
    space = _space(xx, xy, yy)
    gap = abs(xx - yy)
    spread = gap + space.hypot(gap, 2 * xy)
    is_diagonal = xy == 0
    tangent = space.where(is_diagonal, 0.0, 2 * xy / space.where(is_diagonal, 1.0, spread))
    cosine = 1 / space.sqrt(1 + tangent**2)
    return cosine, tangent * cosine, xy * tangent


def _space(*values: Entries) -> ModuleType:
    return jnp if any(isinstance(value, jax.Array) for value in values) else np
