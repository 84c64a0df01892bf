"""What is zero but for rounding is zero."""

import numpy as np
from jaxtyping import Float

ROUNDING = 32 * np.finfo(float).eps  # 7·10⁻¹⁵: what a few operations leave of numbers that cancel


def without_rounding(
    values: Float[np.ndarray, "*shape"] | float, scale: Float[np.ndarray, "*shape"] | float
) -> Float[np.ndarray, "*shape"]:
    """Return the values, and 0 in place of those that rounding alone could have left.

    Args:
        scale: the size of the numbers that canceled each other, such as the largest eigenvalue of the same matrix, or
            the range of the loss in the domain.
    """
    return np.where(np.abs(values) <= ROUNDING * np.abs(scale), 0.0, values)
