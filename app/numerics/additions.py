"""What combines with any optimizer: gradient clipping, a weight penalty, gradient noise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.numerics.runs.step import Conditions
from app.schema.kinds import Choice, Number, Parameter
from app.schema.messages import N_


@dataclass(frozen=True, kw_only=True, eq=False)
class Addition:
    """One way to clip, to penalize or to add noise; `formula` is LaTeX. The registries below say which."""

    name: str
    title: str
    formula: str = ""
    about: str = ""
    exponent: float | None = None  # of a penalty, where it is not a parameter
    parameters: tuple[Parameter, ...] = ()


# Sources: clipping: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, ICML (2013),
# algorithm 1 by norm, by value as they quote it of Mikolov (2012); L1: Tibshirani, J. Royal Statistical Society B 58
# (1996), its proximal step: Beck and Teboulle, SIAM J. Imaging Sciences 2 (2009); L2: Hoerl and Kennard, Technometrics
# 12 (1970); Lq: Frank and Friedman, Technometrics 35 (1993).


def _registry(*additions: Addition) -> Mapping[str, Addition]:
    return {addition.name: addition for addition in additions}


AT = Number(
    name="at",
    title=N_("Bound"),
    symbol="c",
    default=1.0,
    low=1e-9,
    high=1e9,
    slider=(0.01, 100.0),
    scale="log",
    help=N_("The largest length, or the largest component, that a gradient keeps."),
)
CLIPS = _registry(
    Addition(name="none", title=N_("none")),
    Addition(
        name="norm",
        title=N_("by norm"),
        formula=r"g \leftarrow g \cdot \min(1, c / \lVert g \rVert)",
        about=N_("Shortens a long gradient and keeps its direction."),
        parameters=(AT,),
    ),
    Addition(
        name="value",
        title=N_("by value"),
        formula=r"g_i \leftarrow \min(\max(g_i, -c), c)",
        about=N_("Bounds each component by itself, which turns the direction."),
        parameters=(AT,),
    ),
)

WEIGHT = Number(
    name="weight",
    title=N_("Weight of the penalty"),
    symbol="λ",
    default=0.1,
    low=0.0,
    high=1e6,
    slider=(1e-4, 10.0),
    scale="log",
)
METHOD = Choice(
    name="method",
    title=N_("Method"),
    options={"proximal": N_("proximal step, with gradient descent"), "subgradient": N_("subgradient")},
    default="proximal",
    help=N_("The subgradient only hovers near zero; the proximal step sets coordinates to exactly zero."),
)
POWER = Number(name="q", title=N_("Exponent"), symbol="q", default=0.5, low=0.5, high=4.0, slider=(0.5, 4.0))
PENALTIES = _registry(
    Addition(name="none", title=N_("none")),
    Addition(
        name="l1",
        title=N_("L1: sum of absolute values"),
        formula=r"\lambda \lVert \theta \rVert_1",
        about=N_("Pulls small weights to exactly zero."),
        exponent=1.0,
        parameters=(WEIGHT, METHOD),
    ),
    Addition(
        name="l2",
        title=N_("L2: sum of squares"),
        formula=r"\lambda \lVert \theta \rVert_2^2",
        about=N_("Makes every direction steeper by 2λ, and the ellipse rounder."),
        exponent=2.0,
        parameters=(WEIGHT,),
    ),
    Addition(
        name="lq",
        title=N_("Lq: sum of powers"),
        formula=r"\lambda \lVert \theta \rVert_q^q",
        about=N_("Below q = 1 the penalty is not convex: valleys of its own appear along the axes."),
        parameters=(WEIGHT, POWER),
    ),
)

STD = Number(
    name="std",
    title=N_("Standard deviation"),
    symbol="σ",
    default=0.5,
    low=0.0,
    high=1e6,
    slider=(1e-3, 100.0),
    scale="log",
)
NOISES = _registry(
    Addition(name="none", title=N_("none")),
    Addition(
        name="gaussian",
        title=N_("Gaussian"),
        formula=r"g \leftarrow g + \sigma z,\quad z \sim N(0, I)",
        about=N_("Adds seeded normal draws to the gradient, the same ones for every run."),
        parameters=(STD,),
    ),
)


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
