"""What combines with any optimizer, gradient clipping, a penalty and noise: as a visitor chooses it, and as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Array, Float

from app.schema.kinds import Parameter

Amount = Float[Array | np.ndarray, "*runs"] | float


class Conditions(NamedTuple):
    """Penalty and clipping as data: the defaults change nothing.

    The penalty is weight·Σ|θᵢ|^exponent. `smooth_weight` enters the gradient, `proximal_weight` the proximal step
    after the update (exponent 1 only); their sum enters the loss. Clipping bounds each component, then the norm. In a
    map each run may have its own.
    """

    smooth_weight: Amount = 0.0
    proximal_weight: Amount = 0.0
    exponent: Amount = 2.0
    clip_value: Amount = np.inf
    clip_norm: Amount = np.inf

    @property
    def weight(self) -> Amount:
        """The weight of the penalty in the loss."""
        return self.smooth_weight + self.proximal_weight

    def without_proximal(self) -> "Conditions":
        """The same penalty for an optimizer that has no proximal step: all of it in the gradient."""
        return self._replace(smooth_weight=self.weight, proximal_weight=0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Addition:
    """One way to clip, to penalize or to add noise; `formula` is LaTeX. The registries say which."""

    name: str
    title: str
    formula: str = ""
    about: str = ""
    exponent: float | None = None  # of a penalty, where it is not a parameter
    parameters: tuple[Parameter, ...] = ()


def by_name(*additions: Addition) -> Mapping[str, Addition]:
    """Return a registry of additions, in this order."""
    return {addition.name: addition for addition in additions}


def conditions_of(
    penalty: Addition, penalized: Mapping[str, Any], clip: Addition, clipped: Mapping[str, Any]
) -> Conditions:
    """Return a penalty and a clip, each with its values, as the numbers that a trajectory takes."""
    weight = float(penalized.get("weight", 0.0))
    is_proximal = penalized.get("method") == "proximal"
    return Conditions(
        smooth_weight=0.0 if is_proximal else weight,
        proximal_weight=weight if is_proximal else 0.0,
        exponent=penalty.exponent or float(penalized.get("q", 2.0)),
        clip_value=float(clipped["at"]) if clip.name == "value" else np.inf,
        clip_norm=float(clipped["at"]) if clip.name == "norm" else np.inf,
    )
