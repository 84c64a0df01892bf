"""How a run ended, by stated rules, and the sentence that explains it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from app.numerics.optimizers.record import Optimizer
from app.numerics.surfaces.record import Box
from app.numerics.words import N_, Sentence

FAR = 1e3  # diverged: this many diagonals of the domain from its centre, or this many times the first gap
SMALL = 1e-6  # converged, stuck: the relative size of what counts as nothing
STRAIGHT = 1.02  # a path is straight if it is at most this much longer than its chord
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ZIG_ZAG = 5  # a path zig-zags if so many of its steps go against the one before
TREND = 0.25  # a loss that moves less than this share of its own swings from tail to tail is hovering
TAIL = 0.1  # the share of the steps that tells whether a run still moves


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the rules need to know of the problem that all runs share."""

    domain: Box
    view: Box
    lowest: float  # the known lowest value, else the lowest found in the domain
    no_minimum: str  # why the surface has none; "" where it has
    is_penalized: bool
    is_convex: bool  # one valley: every minimum is the global one
    tolerance: float
    steps: int

    @property
    def diagonal(self) -> float:
        """Length of the domain's diagonal."""
        (x0, x1), (y0, y1) = self.domain
        return math.hypot(x1 - x0, y1 - y0)


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """Where in each run something happens; rows are -1 where it never does."""

    reached: Int[np.ndarray, " runs"]  # from here the gap stays ≤ tolerance × the first gap
    settled: Int[np.ndarray, " runs"]  # from here the loss stays as near to its end as SMALL
    diverged: Int[np.ndarray, " runs"]  # from here the run is gone for good
    left_view: Int[np.ndarray, " runs"]  # first row outside the view
    is_still: Bool[np.ndarray, " runs"]  # the tail moved less than SMALL diagonals
    is_flat: Bool[np.ndarray, " runs"]  # the last gradient is nothing beside the first
    is_lower_outside: Bool[np.ndarray, " runs"]  # the last finite row is outside the domain, lower than the start
    trend: Float[np.ndarray, " runs"]  # change of the mean loss from one tail to the next, in spreads of the last
    gap: Float[np.ndarray, "runs 2"]  # loss above the lowest, at the first and the last row
    is_straight: Bool[np.ndarray, " runs"]  # until it reaches the tolerance
    is_zig_zag: Bool[np.ndarray, " runs"]


def first(holds: Bool[np.ndarray, "*runs rows"]) -> Int[np.ndarray, "*runs"]:
    """Return the first row that holds, or -1."""
    return np.where(holds.any(axis=-1), holds.argmax(axis=-1), -1)


def for_good(holds: Bool[np.ndarray, "*runs rows"]) -> Int[np.ndarray, "*runs"]:
    """Return the first row from which everything holds to the end, or -1."""
    rows = holds.shape[-1]
    trailing = first(~holds[..., ::-1])  # how many rows hold at the end; -1 if all do
    return np.where(trailing < 0, 0, np.where(trailing == 0, -1, rows - trailing))


def is_inside(points: Float[np.ndarray, "2 *rows"], box: Box) -> Bool[np.ndarray, "*rows"]:
    """Whether points lie in a box; what is not finite does not."""
    (x, y), ((x0, x1), (y0, y1)) = points, box
    return (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)


def length(x: Float[np.ndarray, "*rows"], y: Float[np.ndarray, "*rows"]) -> Float[np.ndarray, "*rows"]:
    """Return the lengths of vectors; unlike np.hypot infinite above 1e154, and five times as fast."""
    return np.sqrt(x * x + y * y)


def milestones(
    params: Float[np.ndarray, "runs rows 2"],
    loss: Float[np.ndarray, "runs rows"],
    grads: Float[np.ndarray, "runs 2 2"],
    setting: Setting,
) -> Milestones:
    """Find the rows that the rules speak of.

    Args:
        grads: at the first and the last row of each run; at a kink the shortest subgradient.
    """
    count, rows = loss.shape
    tail = max(1, round(TAIL * (rows - 1)))
    # Each coordinate in one piece: on every second number NumPy is several times slower.
    points = np.ascontiguousarray(params.transpose(2, 0, 1))
    x, y = points
    (x0, x1), (y0, y1) = setting.domain
    # Diverged rows hold inf and nan. They are data: comparisons with nan are false, and the rules are put so that
    # false means "gone".
    with np.errstate(invalid="ignore", over="ignore"):
        gap = loss - setting.lowest
        start, end = loss[:, :1], loss[:, -1:]
        is_near = length(x - (x0 + x1) / 2, y - (y0 + y1) / 2) <= FAR * setting.diagonal
        is_here = is_near & np.isfinite(loss) & (gap <= FAR * np.maximum(gap[:, :1], 1.0))
        is_reached = gap <= setting.tolerance * gap[:, :1]
        is_settled = np.abs(loss - end) <= SMALL * np.maximum(start - end, SMALL)
        reached, settled, diverged = for_good(np.array((is_reached, is_settled, ~is_here)))
        dx, dy = x[:, 1:] - x[:, :-1], y[:, 1:] - y[:, :-1]
        lengths = length(dx, dy)
        # How the path looks is told up to the row that reaches the tolerance: what follows is too small to see.
        shown = np.where(reached < 0, rows - 1, reached)
        is_shown = np.arange(1, rows) <= shown[:, None]
        turns_back = dx[:, 1:] * dx[:, :-1] + dy[:, 1:] * dy[:, :-1] < 0
        chord = params[np.arange(count), shown] - params[:, 0]
        norms = length(grads[..., 0], grads[..., 1])
        now, before = loss[:, -tail:], loss[:, -2 * tail : -tail]
        change = now.mean(axis=1) - (before if before.size else start).mean(axis=1)
        return Milestones(
            reached=reached,
            settled=settled,
            diverged=diverged,
            left_view=first(~is_inside(points, setting.view)),
            is_still=lengths[:, -tail:].sum(axis=1) < SMALL * setting.diagonal,
            is_flat=norms[:, 1] <= SMALL * np.maximum(norms[:, 0], SMALL),
            is_lower_outside=_is_lower_outside(params, loss, setting),
            trend=change / np.maximum(now.max(axis=1) - now.min(axis=1), np.finfo(float).tiny),
            gap=gap[:, [0, -1]],
            is_straight=(lengths * is_shown).sum(axis=1) <= STRAIGHT * length(chord[:, 0], chord[:, 1]),
            is_zig_zag=(turns_back & is_shown[:, 1:]).sum(axis=1) >= ZIG_ZAG,
        )


def _is_lower_outside(
    params: Float[np.ndarray, "runs rows 2"], loss: Float[np.ndarray, "runs rows"], setting: Setting
) -> Bool[np.ndarray, " runs"]:
    count, rows = loss.shape
    if not setting.no_minimum:
        return np.zeros(count, dtype=bool)
    final = rows - 1 - np.maximum(first(np.isfinite(loss)[:, ::-1]), 0)
    runs = np.arange(count)
    return ~is_inside(params[runs, final].T, setting.domain) & (loss[runs, final] < loss[:, 0])


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is known of one run besides its milestones; what only some sentences need is computed for those."""

    optimizer: Optimizer
    first_values: Float[np.ndarray, " values"]  # of the hyperparameters, at the first update
    learning_rates: Float[np.ndarray, " rows"] | None
    eigenvalues: tuple[float, float]  # of the Hessian at the last row, ascending; looked at only where it matters
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
        names = (parameter.name for parameter in self.optimizer.hyperparameters)
        return stability(high, dict(zip(names, self.first_values.tolist(), strict=True)))

    @property
    def is_singular(self) -> bool:
        """Whether the optimizer needs the inverse of a Hessian that has none."""
        low, high = self.eigenvalues
        return self.optimizer.inverts_hessian and abs(low) <= SMALL * abs(high)

    @property
    def rate_faded(self) -> bool:
        """Whether the schedule has brought the learning rate to nothing."""
        rates = self.learning_rates
        return rates is not None and bool(rates[-1] <= SMALL * rates.max())


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


def judge(run: Run, found: Milestones, index: int, setting: Setting) -> Outcome:
    """Apply the rules, in their order, to the run with this index."""
    reached, settled, diverged, left = (
        None if rows[index] < 0 else int(rows[index])
        for rows in (found.reached, found.settled, found.diverged, found.left_view)
    )
    is_flat, gap = bool(found.is_flat[index]), found.gap[index].tolist()
    # On a surface without a minimum a good run goes downhill for ever: that is not the failure of its rate. With a
    # penalty it may come to rest outside the domain all the same.
    may_rest = setting.is_penalized and is_flat
    if setting.no_minimum and found.is_lower_outside[index] and not may_rest:
        text = N_("unbounded: {reason}; it goes downhill out of the domain")
        kind, sentence = "unbounded", Sentence(text, {"reason": Sentence(setting.no_minimum)})
    elif diverged is not None:
        kind, sentence = "diverged", _gone(run, left, diverged)
    elif is_flat and run.eigenvalues[0] >= -_rounding(run):
        kind, sentence = "converged", _arrived(gap, setting, settled)
    elif found.is_still[index]:
        kind, sentence = "stuck", _stuck(run, is_flat=is_flat)
    else:
        kind, sentence = "moving", _moving(run, float(found.trend[index]), gap[1], setting.steps)
    return Outcome(
        kind=kind,
        sentence=sentence,
        shape="straight" if found.is_straight[index] else "zig-zag" if found.is_zig_zag[index] else "curved",
        converged_at=settled if kind == "converged" else None,
        diverged_at=diverged if kind == "diverged" else None,
        reached_at=reached,
        left_view_at=left,
    )


def _rounding(run: Run) -> float:
    return 1e-9 * max(map(abs, run.eigenvalues))


def _is_too_fast(run: Run) -> bool:
    rate, limit = run.learning_rate, run.limit
    return rate is not None and limit is not None and rate > limit


def _rate(run: Run) -> dict[str, str]:
    return {
        "rate": short(run.learning_rate or 0),
        "formula": run.optimizer.stability_formula,
        "limit": short(run.limit or 0),
    }


def _gone(run: Run, left: int | None, diverged: int) -> Sentence:
    step = diverged if left is None else left
    if _is_too_fast(run):
        text = N_("diverges: the learning rate {rate} is above {formula} = {limit}; gone from the view at step {step}")
        return Sentence(text, {**_rate(run), "step": step})
    return Sentence(N_("diverges: the loss grows beyond all bounds; gone from the view at step {step}"), {"step": step})


def _arrived(gap: Sequence[float], setting: Setting, settled: int | None) -> Sentence:
    values = {"step": settled, "gap": short(gap[1])}
    if setting.is_convex or gap[1] <= SMALL * max(gap[0], 1.0):
        return Sentence(N_("converges to the global minimum; settled from step {step}"), values)
    return Sentence(N_("converges to a local minimum, {gap} above the lowest; settled from step {step}"), values)


def _stuck(run: Run, *, is_flat: bool) -> Sentence:
    if is_flat:
        if run.eigenvalues[1] > _rounding(run):
            text = N_("stuck at a saddle: the gradient is zero, though the surface falls along one direction")
            return Sentence(text)
        return Sentence(N_("stuck where the gradient is zero, though the surface falls from there"))
    if run.is_singular:
        return Sentence(N_("stuck: the Hessian is singular here, so that Newton's step does not exist"))
    if run.rate_faded:
        return Sentence(N_("stuck: the learning rate has faded away before the minimum"))
    return Sentence(N_("stuck: the steps have become too small to see, though the gradient is not zero"))


def _moving(run: Run, trend: float, gap: float, steps: int) -> Sentence:
    values = {"gap": short(gap), "steps": steps}
    if trend > TREND:
        if _is_too_fast(run):
            text = N_("growing: the learning rate {rate} is above {formula} = {limit}; it will diverge")
            return Sentence(text, _rate(run))
        return Sentence(N_("growing: the loss rises, {gap} above the lowest after {steps} steps"), values)
    if trend < -TREND:
        return Sentence(N_("on its way: the loss still falls, {gap} above the lowest after {steps} steps"), values)
    return Sentence(N_("hovers: the loss no longer falls, {gap} above the lowest after {steps} steps"), values)
