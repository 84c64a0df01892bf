"""Made series of numbers, and running averages of them with the weights that they give to the past."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType

import numpy as np
from jaxtyping import Float

from app.schema.kinds import Flag, Number, Parameter
from app.schema.messages import N_

# Row t of every array is after t values have been seen; row 0 is before the first.
Rows = Float[np.ndarray, " rows"]

DAYS = 365  # of the year that TEMPERATURES repeats


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """A way to make a series: `signal(t, seed, **parameters)` is its value at t = 1, 2, … before noise is added."""

    name: str
    title: str
    about: str
    formula: str
    parameters: tuple[Number, ...]
    signal: Callable[..., Rows]

    def make(self, *, steps: int, seed: int, noise: float, **parameters: float) -> tuple[Rows, Rows]:
        """Return the signal and what is observed, the signal plus Gaussian noise; row 0 of both is nan.

        The same seed draws the same noise, whatever the signal; a longer series begins like a shorter one.
        """
        t = np.arange(1.0, steps + 1)
        signal = self.signal(t, seed, **parameters)
        observed = signal + noise * np.random.RandomState(seed).standard_normal(steps)
        return np.append(np.nan, signal), np.append(np.nan, observed)


def _constant(t: Rows, _seed: int, *, level: float) -> Rows:
    return np.full_like(t, level)


def _step(t: Rows, _seed: int, *, level: float, jump: float) -> Rows:
    return np.where(t < jump, 0.0, level)


def _sine(t: Rows, _seed: int, *, level: float, period: float) -> Rows:
    return level * np.sin(2 * np.pi * t / period)


def _impulse(t: Rows, _seed: int, *, level: float, jump: float) -> Rows:
    return np.where(t == jump, level, 0.0)


def _walk(t: Rows, seed: int, *, stride: float) -> Rows:
    # A stream apart from the one that draws the noise.
    return stride * np.cumsum(np.random.RandomState([seed, 1]).standard_normal(len(t)))


def _temperatures(t: Rows, seed: int) -> Rows:
    # A year's mean and swing as in the middle of Europe; weather is an average itself, of fresh daily changes, so that
    # one warm day follows another.
    changes = 1.8 * np.random.RandomState([seed, 1]).standard_normal(len(t))
    weather = np.array(list(accumulate(changes, lambda yesterday, change: 0.8 * yesterday + change)))
    return 10.0 - 9.0 * np.cos(2 * np.pi * (t - 20.0) / DAYS) + weather


LEVEL = Number(name="level", title=N_("Height"), symbol="a", default=10.0, low=-1e6, high=1e6, slider=(-20.0, 20.0))
PERIOD = Number(
    name="period",
    title=N_("Period"),
    symbol="T",
    default=60.0,
    low=2.0,
    high=1e4,
    slider=(4.0, 400.0),
    scale="log",
    help=N_("After how many steps the wave repeats."),
)
JUMP = Number(
    name="jump", title=N_("At step"), symbol="s", default=80, low=1, high=2000, slider=(1, 400), is_integer=True
)
STRIDE = Number(
    name="stride",
    title=N_("Stride"),
    symbol="a",
    default=1.0,
    low=0.0,
    high=1e3,
    slider=(0.0, 5.0),
    help=N_("Standard deviation of one step of the walk."),
)

SERIES: Mapping[str, Series] = MappingProxyType(
    {
        one.name: one
        for one in (
            Series(
                name="temperatures",
                title=N_("Daily temperatures (made)"),
                about=N_("Made, not measured: a yearly wave between 1 and 19 °C and weather that lasts for days."),
                formula=r"\begin{split}x_t &= 10 - 9\cos\tfrac{2\pi(t-20)}{365} + w_t\\"
                r"w_t &= 0.8\,w_{t-1} + 1.8\,z_t\end{split}",
                parameters=(),
                signal=_temperatures,
            ),
            Series(
                name="constant",
                title=N_("Constant"),
                about=N_("One value again and again: whatever an average says of the start, it should say this."),
                formula="x_t = a",
                parameters=(LEVEL,),
                signal=_constant,
            ),
            Series(
                name="step",
                title=N_("Step"),
                about=N_("Zero, then suddenly something else: how long an average takes to believe it."),
                formula=r"x_t = a \text{ from } t = s \text{ on, else } 0",
                parameters=(LEVEL, JUMP),
                signal=_step,
            ),
            Series(
                name="impulse",
                title=N_("Single spike"),
                about=N_("One value among zeros: the answer of an average draws its own weights."),
                formula=r"x_s = a, \text{ else } 0",
                parameters=(LEVEL, JUMP),
                signal=_impulse,
            ),
            Series(
                name="sine",
                title=N_("Sine"),
                about=N_("A wave: long windows lag behind it, and flatten it."),
                formula=r"x_t = a \sin(2\pi t/T)",
                parameters=(LEVEL, PERIOD),
                signal=_sine,
            ),
            Series(
                name="walk",
                title=N_("Random walk"),
                about=N_("Each value is the one before plus a random step: only the newest knows anything."),
                formula=r"x_t = x_{t-1} + a z_t",
                parameters=(STRIDE,),
                signal=_walk,
            ),
        )
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Averaged:
    """A running average of a series.

    At row t, the value seen k steps ago weighs `weights[k] / kept[t]`, for k < t, and the initial value
    `start_weight[t]`; together they are 1, but for an uncorrected average's row 0.
    """

    value: Rows
    weights: Float[np.ndarray, " lags"]
    kept: Rows
    start_weight: Rows
    window: float  # steps: 1/(1 − β), or the length of the moving average
    stores: int  # numbers that must be kept from one step to the next

    def weights_at(self, t: int) -> Float[np.ndarray, " {t}"]:
        """Return the weights of the last t values, newest first."""
        return self.weights[:t] / self.kept[t]


def window_of(beta: float) -> float:
    """Return over how many steps an average with this β looks: 1/(1 − β)."""
    # Rounded where β = 0.9 would otherwise give 10.000000000000002.
    return round(1 / (1 - beta), 9)


def steps_of(beta: float) -> int:
    """Return that number as a whole one, at least 1."""
    return max(round(window_of(beta)), 1)


def moving_window_of(beta: float) -> int:
    """Return the moving window that a β stands for, at most the longest that a link may name."""
    return min(round(window_of(beta)), int(WINDOW.high))


def exponential(observed: Rows, *, beta: float, initial: float, debias: bool) -> Averaged:
    """Average with weights that fall by β in every step: v_t = βv_{t−1} + (1 − β)x_t.

    Corrected: (v_t − βᵗv₀)/(1 − βᵗ), which for v₀ = 0 is the v_t/(1 − βᵗ) of Kingma and Ba, Adam, ICLR (2015), section
    3; no value has been seen at row 0, and it is nan there.
    """
    t = np.arange(len(observed))
    start_weight = beta**t
    value = np.array(list(accumulate(observed[1:], lambda v, x: beta * v + (1 - beta) * x, initial=initial)))
    kept = np.ones(len(t))
    if debias:
        kept = 1 - start_weight
        # At row 0 nothing is kept: 0/0, and nan is what it should be.
        with np.errstate(invalid="ignore"):
            value = (value - start_weight * initial) / kept
        start_weight = np.zeros(len(t))
    weights = (1 - beta) * beta ** t[:-1]
    return Averaged(
        value=value,
        weights=weights,
        kept=kept,
        start_weight=start_weight,
        window=window_of(beta),
        stores=2 if debias else 1,
    )


def moving(observed: Rows, *, window: int) -> Averaged:
    """Average the last `window` values equally, while there are fewer all of them; row 0 is nan."""
    seen = observed[1:]
    t = np.arange(len(observed))
    sums = np.append(0.0, np.cumsum(seen))
    first = np.maximum(t - window, 0)
    count = t - first
    with np.errstate(invalid="ignore"):
        value = (sums - sums[first]) / count
    return Averaged(
        value=value,
        weights=np.where(t[:-1] < window, 1 / window, 0.0),
        kept=count / window,
        start_weight=np.zeros(len(t)),
        window=float(window),
        stores=window,
    )


def error_of(average: Averaged, signal: Rows) -> float:
    """Return the root mean square distance from the series without its noise, from row 1 on."""
    return float(np.sqrt(np.mean((average.value[1:] - signal[1:]) ** 2)))


BETA = Number(
    name="beta",
    title=N_("Averaging"),
    symbol="β",
    default=0.9,
    low=0.0,
    high=0.9999,
    slider=(0.0, 0.999),
    scale="one_minus_log",
    help=N_("What is kept of the average in each step: 0.9 looks over about 10 steps, 0.98 over 50, 0.5 over 2."),
)
WINDOW = Number(
    name="window",
    title=N_("Window"),
    symbol="w",
    default=None,
    low=1,
    high=2000,
    slider=(1, 400),
    scale="log",
    is_integer=True,
    help=N_("How many values it averages; left alone, as many as β looks over: 1/(1 − β)."),
)
OWN_BETA = Number(
    name=BETA.name,
    title=N_("Its own β"),
    symbol=BETA.symbol,
    default=None,
    low=BETA.low,
    high=BETA.high,
    slider=BETA.slider,
    scale=BETA.scale,
    help=N_("Left alone, it follows the slider that all averages share."),
)
DEBIAS = Flag(
    name="debias",
    title=N_("Corrected"),
    default=False,
    help=N_("Divides by 1 − βᵗ, the weight that has been given out so far."),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Average:
    """A kind of running average, as links name it."""

    name: str
    title: str
    about: str
    formula: str
    parameters: tuple[Parameter, ...]


EMA = Average(
    name="ema",
    title=N_("Exponential"),
    about=N_("Keeps one number: each step takes β of it and 1 − β of what is new."),
    formula=r"\begin{split}v_t &= \beta v_{t-1} + (1-\beta)\,x_t\\"
    r"&= (1-\beta)\sum_{k<t} \beta^k x_{t-k} + \beta^t v_0\\"
    r"\hat v_t &= \frac{v_t - \beta^t v_0}{1-\beta^t} \quad (\text{corrected})\\"
    r"1-\beta^t &= (1-\beta)\sum_{k<t}\beta^k\end{split}",
    parameters=(OWN_BETA, DEBIAS),
)
MEAN = Average(
    name="mean",
    title=N_("Moving"),
    about=N_("The plain mean of the last w values, or of all t while there are fewer: it must keep them all."),
    formula=r"m_t = \frac{1}{n}\sum_{k<n} x_{t-k}, \quad n = \min(t, w)",
    parameters=(WINDOW,),
)
AVERAGES: Mapping[str, Average] = MappingProxyType({one.name: one for one in (EMA, MEAN)})
