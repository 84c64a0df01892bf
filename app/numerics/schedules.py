"""Learning-rate schedules: factors on the learning rate, one for each update, computed before the run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

from app.schema.kinds import Number
from app.schema.messages import N_

Steps = Float[np.ndarray, " rows"]

# Sources: step, exponential and polynomial as in Keras and optax; inverse time: Robbins and
# Monro, Annals of Mathematical Statistics 22 (1951); cosine: Loshchilov and Hutter, SGDR, ICLR (2017), equation 5, one
# period; inverse root: Vaswani et al., Attention Is All You Need, NeurIPS (2017), section 5.3; warm-up: Goyal et al.,
# arXiv:1706.02677 (2017), section 2.2.


@dataclass(frozen=True, kw_only=True, eq=False)
class Schedule:
    """A rule for η(t) = η · factor.

    `shape(t, duration, **parameters)` is the factor t steps after the warm-up, of `duration` steps that follow it;
    `formula` (LaTeX) writes it with t, T = duration and the parameters' symbols.
    """

    name: str
    title: str
    formula: str
    about: str
    shape: Callable[..., Steps]
    parameters: tuple[Number, ...]

    def factor(self, steps: int, **parameters: float) -> Steps:
        """Return the factors of the updates k = 0 … steps: k/warmup on the way up, then the shape."""
        warmup = parameters["warmup"]
        k = np.arange(steps + 1.0)
        after = self.shape(np.maximum(k - warmup, 0.0), max(steps - warmup, 1.0), **parameters)
        return np.where(k < warmup, k / max(warmup, 1.0), after)


def _constant(t: Steps, _duration: float, **_others: float) -> Steps:
    return np.ones_like(t)


def _step(t: Steps, _duration: float, *, every: float, factor: float, **_others: float) -> Steps:
    return factor ** np.floor(t / every)


def _exponential(t: Steps, _duration: float, *, decay: float, **_others: float) -> Steps:
    return decay**t


def _inverse_time(t: Steps, _duration: float, *, decay_rate: float, **_others: float) -> Steps:
    return 1.0 / (1.0 + decay_rate * t)


def _polynomial(t: Steps, duration: float, *, power: float, end: float, **_others: float) -> Steps:
    return end + (1.0 - end) * (1.0 - np.minimum(t / duration, 1.0)) ** power


def _cosine(t: Steps, duration: float, *, end: float, **_others: float) -> Steps:
    return end + (1.0 - end) * (1.0 + np.cos(np.pi * np.minimum(t / duration, 1.0))) / 2.0


def _inverse_sqrt(t: Steps, _duration: float, *, warmup: float) -> Steps:
    # Without a warm-up the formula would be 0 from the first step on: its peak is then at step 1.
    peak = max(warmup, 1.0)
    return np.sqrt(peak / (t + peak))


WARMUP = Number(
    name="warmup",
    title=N_("Warm-up steps"),
    symbol="w",
    default=0,
    low=0,
    high=2000,
    slider=(0, 200),
    is_integer=True,
    help=N_("Steps over which the learning rate first rises in a straight line from 0."),
)
END = Number(
    name="end",
    title=N_("Final factor"),
    symbol="f",
    default=0.0,
    low=0.0,
    high=1.0,
    slider=(0.0, 1.0),
    help=N_("What is left of the learning rate at the last step."),
)
EVERY = Number(
    name="every",
    title=N_("Steps between drops"),
    symbol="n",
    default=50,
    low=1,
    high=2000,
    slider=(1, 200),
    is_integer=True,
)
FACTOR = Number(
    name="factor",
    title=N_("Factor of a drop"),
    symbol="f",
    default=0.5,
    low=0.0,
    high=1.0,
    slider=(0.0, 1.0),
)
DECAY = Number(
    name="decay",
    title=N_("Factor per step"),
    symbol="γ",
    default=0.99,
    low=0.0,
    high=1.0,
    slider=(0.9, 1.0),
)
DECAY_RATE = Number(
    name="decay_rate",
    title=N_("Decay rate"),
    symbol="κ",
    default=0.05,
    low=0.0,
    high=1e3,
    slider=(1e-4, 10.0),
    scale="log",
)
POWER = Number(
    name="power",
    title=N_("Power"),
    symbol="p",
    default=1.0,
    low=0.1,
    high=10.0,
    slider=(0.1, 10.0),
    scale="log",
)

SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {
        schedule.name: schedule
        for schedule in (
            Schedule(
                name="constant",
                title=N_("Constant"),
                formula=r"\eta",
                about=N_("The same learning rate in every step."),
                shape=_constant,
                parameters=(WARMUP,),
            ),
            Schedule(
                name="step",
                title=N_("Step decay"),
                formula=r"\eta\, f^{\lfloor t/n \rfloor}",
                about=N_("Drops by a factor, again and again after the same number of steps."),
                shape=_step,
                parameters=(EVERY, FACTOR, WARMUP),
            ),
            Schedule(
                name="exponential",
                title=N_("Exponential"),
                formula=r"\eta\, \gamma^t",
                about=N_("Shrinks by the same factor in every step."),
                shape=_exponential,
                parameters=(DECAY, WARMUP),
            ),
            Schedule(
                name="inverse_time",
                title=N_("Inverse time"),
                formula=r"\frac{\eta}{1 + \kappa t}",
                about=N_("Falls like 1/t: slowly enough to reach any point, fast enough to average noise out."),
                shape=_inverse_time,
                parameters=(DECAY_RATE, WARMUP),
            ),
            Schedule(
                name="polynomial",
                title=N_("Polynomial"),
                formula=r"\eta \left(f + (1-f)(1 - t/T)^p\right)",
                about=N_("Falls to its final value at the last step; with power 1 in a straight line."),
                shape=_polynomial,
                parameters=(POWER, END, WARMUP),
            ),
            Schedule(
                name="cosine",
                title=N_("Cosine"),
                formula=r"\eta \left(f + (1-f)\,\frac{1 + \cos(\pi t/T)}{2}\right)",
                about=N_("Half a wave of the cosine: high for long, then down, and gently into the end."),
                shape=_cosine,
                parameters=(END, WARMUP),
            ),
            Schedule(
                name="inverse_sqrt",
                title=N_("Inverse square root"),
                formula=r"\eta\, \sqrt{\frac{\max(w, 1)}{t + \max(w, 1)}}",
                about=N_("Rises for w steps, then falls like 1/√t: the schedule of the first transformers."),
                shape=_inverse_sqrt,
                parameters=(replace(WARMUP, default=20),),
            ),
        )
    }
)
