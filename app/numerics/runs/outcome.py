"""How a run ended, by stated rules, and the sentence that explains it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from app.numerics.optimizers.record import Optimizer
from app.numerics.runs.milestones import FAR, SMALL, Milestones, Setting
from app.schema.messages import N_, Sentence

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
TREND = 0.25  # a loss that moves less than this share of its own swings from tail to tail is hovering
VALLEY = 1e-3  # a negative curvature below this share of the largest does not make a lowest point a saddle


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is known of one run besides its milestones; what only some sentences need is computed for those."""

    optimizer: Optimizer
    first_values: Float[np.ndarray, " values"]  # of the hyperparameters, at the first update that is its own
    learning_rates: Float[np.ndarray, " rows"] | None  # of the updates, and of the one that would follow
    eigenvalues: tuple[float, float]  # of the Hessian at the last row, ascending; looked at only where it matters
    radius: float  # distance of the last point from the origin
    has_limit: bool  # the formula of the optimizer's stability limit holds: a bowl, and nothing else acts

    @property
    def learning_rate(self) -> float | None:
        """The learning rate, or None where it changes from step to step, or the optimizer has none."""
        rates = self.learning_rates
        return None if rates is None or np.any(rates != rates[0]) else float(rates[0])

    @property
    def limit(self) -> float | None:
        """The largest stable learning rate, where the optimizer's formula applies."""
        stability, high = self.optimizer.stability, self.eigenvalues[1]
        if stability is None or not self.has_limit or high <= 0:
            return None
        return stability(high, self.values)

    @property
    def values(self) -> dict[str, float]:
        """The hyperparameters of the first update by name; flags and choices as numbers."""
        names = (parameter.name for parameter in self.optimizer.hyperparameters)
        return dict(zip(names, self.first_values.tolist(), strict=True))

    @property
    def pull(self) -> float:
        """How far weight decay alone would have moved the last point in one step."""
        rates = self.learning_rates
        return 0.0 if rates is None else float(rates[-2]) * self.values.get("weight_decay", 0.0) * self.radius

    @property
    def is_singular(self) -> bool:
        """Whether the optimizer needs the inverse of a Hessian that has none."""
        low, high = self.eigenvalues
        return self.optimizer.inverts_hessian and abs(low) <= SMALL * abs(high)

    @property
    def rate_faded(self) -> bool:
        """Whether the schedule has brought the learning rate of the last update to nothing."""
        rates = self.learning_rates
        return rates is not None and bool(rates[-2] <= SMALL * rates.max())


class Ending(NamedTuple):
    """Where a run came to rest, if it did; or many runs, each number then an array of theirs."""

    first_gap: Any  # loss above the lowest, at the first row
    gap: Any  # … and at the last
    slope: Any  # length of the last gradient
    low: Any  # eigenvalues of the Hessian at the last row
    high: Any
    diagonal: Any  # of the domain

    @property
    def is_lowest(self) -> Any:
        """Whether the lowest value is as near as a last slope that is not quite zero leaves it."""
        # From high enough above every minimum looks as low as the lowest. What ½‖g‖²/λ_min cannot explain, ten times
        # over since the surface is not quadratic, is the height of another minimum.
        height = abs(self.gap)
        is_explained = (height <= SMALL) | (height * self.low <= 10 * self.slope**2)
        return (height <= SMALL * np.maximum(self.first_gap, 1.0)) & is_explained

    @property
    def steepest(self) -> Any:
        """The largest curvature, upwards or downwards."""
        return np.maximum(abs(self.low), abs(self.high))

    @property
    def rounding(self) -> Any:
        """What rounding leaves of a curvature of zero."""
        return 1e-9 * self.steepest

    @property
    def is_plain(self) -> Any:
        """Whether the curvature is nothing: all over the domain it would change the loss by next to none of its gap."""
        return self.steepest * self.diagonal**2 <= SMALL * abs(self.gap)

    def is_minimum(self, is_lowest: Any) -> Any:
        """Whether a point without slope is a minimum: not on a plain, and nothing falls from there."""
        # The floor of a bent valley is straight only in its middle: a hair beside it the curvature along it is
        # negative, by as little as the gradient there differs from zero.
        falls_not = (self.is_plain == False) & (self.low >= -self.rounding)  # noqa: E712, of one or of many
        return np.where(is_lowest, self.low >= -VALLEY * self.high, falls_not)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The verdict on one run; a row is None where the thing did not happen."""

    kind: str
    sentence: Sentence
    shape: str  # of the path: "straight", "zig-zag" or "curved"
    converged_at: int | None
    diverged_at: int | None
    reached_at: int | None
    left_view_at: int | None


def short(value: float) -> str:
    """Print a number to three digits, as sentences do: 0.0812, 16.4, 2.57·10⁵."""
    mantissa, e, exponent = f"{value:.3g}".partition("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPTS)}" if e else mantissa


def judge(run: Run, found: Milestones, setting: Setting) -> Outcome:
    """Apply the rules, in their order, to a run."""
    gap, diverged = found.gap, found.diverged
    has_minimum = not setting.no_minimum or setting.is_penalized
    ending = Ending(*gap, found.slope, *run.eigenvalues, setting.diagonal)
    is_lowest = setting.is_convex or bool(ending.is_lowest)
    # On a surface without a minimum a good run goes downhill for ever: that is not the failure of its rate. With a
    # penalty it may come to rest outside the domain all the same.
    may_rest = setting.is_penalized and found.is_flat
    if setting.no_minimum and found.is_lower_outside and not may_rest:
        text = N_("unbounded: {reason}; it goes downhill out of the domain")
        kind, sentence = "unbounded", Sentence(text, {"reason": Sentence(setting.no_minimum)})
    elif diverged is not None:
        kind, sentence = "diverged", _gone(run, found.left_view, diverged, is_high=found.is_high)
    elif found.is_flat and has_minimum and ending.is_minimum(is_lowest):
        kind, sentence = "converged", _arrived(gap[1], setting, found.settled, is_lowest=is_lowest)
    elif found.is_still:
        kind, sentence = (
            "stuck",
            _stuck(run, ending, setting, is_flat=found.is_flat, is_lowest=is_lowest and has_minimum),
        )
    else:
        kind, sentence = "moving", _moving(run, found, setting)
    return Outcome(
        kind=kind,
        sentence=sentence,
        shape="straight" if found.is_straight else "zig-zag" if found.is_zig_zag else "curved",
        converged_at=found.settled if kind == "converged" else None,
        diverged_at=diverged if kind == "diverged" else None,
        reached_at=found.reached,
        left_view_at=found.left_view,
    )


def _is_too_fast(run: Run) -> bool:
    rate, limit = run.learning_rate, run.limit
    return rate is not None and limit is not None and rate > limit


def _rate(run: Run) -> dict[str, str]:
    return {
        "rate": short(run.learning_rate or 0),
        "formula": run.optimizer.stability_formula,
        "limit": short(run.limit or 0),
    }


def _height(gap: float, setting: Setting) -> Sentence:
    """Say how far above the lowest a loss is; it may be below, where only the usual domain has been searched."""
    if gap < 0:
        return Sentence(N_("{gap} below the lowest in the usual domain"), {"gap": short(-gap)})
    if setting.no_minimum and not setting.is_penalized:
        return Sentence(N_("{gap} above the lowest in the usual domain"), {"gap": short(gap)})
    return Sentence(N_("{gap} above the lowest"), {"gap": short(gap)})


def _gone(run: Run, left: int | None, diverged: int, *, is_high: bool) -> Sentence:
    if not is_high:
        if diverged == 0:
            text = N_("out of reach: it began {far} diagonals of the domain away or more, and is not back")
            return Sentence(text, {"far": int(FAR)})
        text = N_("diverges: it runs away, {far} diagonals of the domain and more from step {step} on")
        return Sentence(text, {"far": int(FAR), "step": diverged})
    # A view that never held the run, or still does, is no measure of where it went.
    place = Sentence(N_("gone from the view at step {step}"), {"step": left})
    if not left:
        place = Sentence(N_("out of all bounds from step {step} on"), {"step": diverged})
    if _is_too_fast(run):
        text = N_("diverges: the learning rate {rate} is above {formula} = {limit}; {place}")
        return Sentence(text, {**_rate(run), "place": place})
    return Sentence(N_("diverges: the loss grows beyond all bounds; {place}"), {"place": place})


def _arrived(gap: float, setting: Setting, settled: int | None, *, is_lowest: bool) -> Sentence:
    values = {"step": settled, "height": _height(gap, setting)}
    if is_lowest:
        if setting.has_several:
            return Sentence(N_("converges to a global minimum, one of several; settled from step {step}"), values)
        return Sentence(N_("converges to the global minimum; settled from step {step}"), values)
    if gap < 0:
        return Sentence(N_("converges to a minimum, {height}; settled from step {step}"), values)
    return Sentence(N_("converges to a local minimum, {height}; settled from step {step}"), values)


def _stuck(run: Run, ending: Ending, setting: Setting, *, is_flat: bool, is_lowest: bool) -> Sentence:
    gap = ending.gap
    if is_flat:
        return _without_slope(ending, setting)
    rates = run.learning_rates
    if rates is not None and not rates[:-1].any():
        return Sentence(N_("stuck: the learning rate is 0 in every step so far"))
    if is_lowest and abs(gap) <= SMALL:
        text = N_("stuck a hair from the minimum, {height}: the steps are too small to see, the gradient not yet zero")
        return Sentence(text, {"height": _height(gap, setting)})
    if run.is_singular:
        return Sentence(N_("stuck: the Hessian is singular here, so that Newton's step does not exist"))
    if run.rate_faded:
        return Sentence(N_("stuck: the learning rate has faded away before the minimum"))
    if run.pull > SMALL * setting.diagonal:
        return Sentence(N_("stuck: weight decay pulls as hard as the gradient, away from the minimum"))
    return Sentence(N_("stuck: the steps have become too small to see, though the gradient is not zero"))


def _without_slope(ending: Ending, setting: Setting) -> Sentence:
    if ending.is_plain:
        text = N_("stuck on flat ground: gradient and curvature are next to nothing, {height}")
        return Sentence(text, {"height": _height(ending.gap, setting)})
    if ending.low >= -ending.rounding:
        text = N_("stuck: the gradient has faded away, though there is no minimum: {reason}")
        return Sentence(text, {"reason": Sentence(setting.no_minimum)})
    if ending.high > ending.rounding:
        return Sentence(N_("stuck at a saddle: the gradient is zero, though the surface falls along one direction"))
    return Sentence(N_("stuck where the gradient is zero, though the surface falls from there"))


def _moving(run: Run, found: Milestones, setting: Setting) -> Sentence:
    trend = found.trend
    values = {"height": _height(found.gap[1], setting), "step": setting.steps}
    if trend > TREND:
        if _is_too_fast(run):
            text = N_("growing: the learning rate {rate} is above {formula} = {limit}; it will diverge")
            return Sentence(text, _rate(run))
        if found.is_peak:
            return Sentence(N_("growing: the loss rises, {height} at step {step}"), values)
        return Sentence(N_("swings: the loss rises again, {height} at step {step}"), values)
    if trend < -TREND:
        return Sentence(N_("on its way: the loss still falls, {height} at step {step}"), values)
    return Sentence(N_("hovers: the loss no longer falls, {height} at step {step}"), values)
