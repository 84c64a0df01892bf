"""How a run ended, by stated rules, and the sentence that explains it."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from app.numerics.surfaces.record import Box
from app.numerics.words import N_, Sentence

FAR = 1e3  # diverged: this many diagonals of the domain from its centre, or this many times the first gap
SMALL = 1e-6  # converged, stuck: the relative size of what counts as nothing
STRAIGHT = 1.02  # a path is straight if it is at most this much longer than its chord
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ZIG_ZAG = 5  # a path zig-zags if so many of its steps go against the one before
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

    @property
    def diagonal(self) -> float:
        """Length of the domain's diagonal."""
        return float(np.hypot(*np.ptp(self.domain, axis=1)))


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """Where in each run something happens; rows are -1 where it never does."""

    reached: Int[np.ndarray, " runs"]  # from here the gap stays ≤ tolerance × the first gap
    settled: Int[np.ndarray, " runs"]  # from here the loss stays as near to its end as SMALL
    diverged: Int[np.ndarray, " runs"]  # from here the run is gone for good
    left_view: Int[np.ndarray, " runs"]  # first row outside the view
    is_still: Bool[np.ndarray, " runs"]  # the tail moved less than SMALL diagonals
    is_lower_outside: Bool[np.ndarray, " runs"]  # the last finite row is outside the domain, lower than the start
    trend: Float[np.ndarray, " runs"]  # change of the mean loss from one tail to the next, in spreads of the last


def first(holds: Bool[np.ndarray, "runs rows"]) -> Int[np.ndarray, " runs"]:
    """Return the first row that holds, or -1."""
    row = holds.argmax(axis=1)
    return np.where(holds[np.arange(len(holds)), row], row, -1)


def last(holds: Bool[np.ndarray, "runs rows"]) -> Int[np.ndarray, " runs"]:
    """Return the last row that holds, or -1."""
    row = first(holds[:, ::-1])
    return np.where(row < 0, -1, holds.shape[1] - 1 - row)


def for_good(holds: Bool[np.ndarray, "runs rows"]) -> Int[np.ndarray, " runs"]:
    """Return the first row from which everything holds to the end, or -1."""
    row = last(~holds) + 1
    return np.where(row == holds.shape[1], -1, row)


def is_inside(params: Float[np.ndarray, "*rows 2"], box: Box) -> Bool[np.ndarray, "*rows"]:
    """Whether points lie in a box; what is not finite does not."""
    (x0, x1), (y0, y1) = box
    x, y = params[..., 0], params[..., 1]
    return (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)


def milestones(
    params: Float[np.ndarray, "runs rows 2"], loss: Float[np.ndarray, "runs rows"], setting: Setting
) -> Milestones:
    """Find the rows that the rules speak of."""
    tail = max(1, round(TAIL * (loss.shape[1] - 1)))
    gap = loss - setting.lowest
    start, end = loss[:, :1], loss[:, -1:]
    # Diverged rows hold inf and nan. They are data: comparisons with nan are false, and the rules are put so that
    # false means "gone".
    with np.errstate(invalid="ignore", over="ignore"):
        offset = params - np.mean(setting.domain, axis=1)
        is_near = np.einsum("rki,rki->rk", offset, offset) <= (FAR * setting.diagonal) ** 2
        is_low = np.isfinite(loss) & (gap <= FAR * np.maximum(gap[:, :1], 1.0))
        final = np.maximum(last(np.isfinite(loss)), 0)
        runs = np.arange(len(loss))
        steps = np.diff(params[:, -tail - 1 :], axis=1)
        now, before = loss[:, -tail:], loss[:, -2 * tail : -tail]
        change = now.mean(axis=1) - (before if before.size else start).mean(axis=1)
        return Milestones(
            reached=for_good(gap <= setting.tolerance * gap[:, :1]),
            settled=for_good(np.abs(loss - end) <= SMALL * np.maximum(start - end, SMALL)),
            diverged=for_good(~(is_near & is_low)),
            left_view=first(~is_inside(params, setting.view)),
            is_still=np.sqrt(np.einsum("rki,rki->rk", steps, steps)).sum(axis=1) < SMALL * setting.diagonal,
            is_lower_outside=~is_inside(params[runs, final], setting.domain) & (loss[runs, final] < loss[:, 0]),
            trend=change / np.maximum(np.ptp(now, axis=1), np.finfo(float).tiny),
        )


def shape_of(params: Float[np.ndarray, "rows 2"]) -> str:
    """Say how a path looks: "straight" if hardly longer than its chord, "zig-zag" if it turns back often, "curved"."""
    steps = np.diff(params, axis=0)
    with np.errstate(invalid="ignore", over="ignore"):
        length = np.sqrt(np.einsum("ki,ki->k", steps, steps)).sum()
        turns_back = np.einsum("ki,ki->k", steps[1:], steps[:-1]) < 0
        chord = np.linalg.norm(params[-1] - params[0])
    if length <= STRAIGHT * chord:
        return "straight"
    return "zig-zag" if turns_back.sum() >= ZIG_ZAG else "curved"


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is known of one run besides its milestones."""

    steps: int
    gap: float  # loss above the lowest, at the last row
    first_gap: float
    learning_rate: float | None  # None where it changes from step to step, or the optimizer has none
    limit: float | None  # the largest stable learning rate, where the optimizer's formula applies
    limit_formula: str
    grads: tuple[Float[np.ndarray, "2"], Float[np.ndarray, "2"]]  # at the first and the last row
    eigenvalues: Float[np.ndarray, "2"]  # of the Hessian at the last row, ascending
    is_singular: bool  # the optimizer needs the inverse of a Hessian that has none
    rate_faded: bool  # the schedule has brought the learning rate to nothing


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The verdict on one run; a row is None where the thing did not happen."""

    kind: str
    sentence: Sentence
    converged_at: int | None = None
    diverged_at: int | None = None
    reached_at: int | None = None
    left_view_at: int | None = None


def short(value: float) -> str:
    """Print a number to three digits, as sentences do: 0.0812, 16.4, 2.57·10⁵."""
    mantissa, e, exponent = f"{value:.3g}".partition("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPTS)}" if e else mantissa


def judge(run: Run, found: Milestones, index: int, setting: Setting) -> Outcome:
    """Apply the rules, in their order, to the run with this index."""

    def row(rows: Int[np.ndarray, " runs"]) -> int | None:
        return None if rows[index] < 0 else int(rows[index])

    reached, left = row(found.reached), row(found.left_view)
    diverged, settled = row(found.diverged), row(found.settled)
    # On a surface without a minimum a good run goes downhill for ever: that is not the failure of its rate. With a
    # penalty it may come to rest outside the domain all the same.
    may_rest = setting.is_penalized and _is_flat(run)
    if setting.no_minimum and found.is_lower_outside[index] and not may_rest:
        text = N_("unbounded: {reason}; it goes downhill out of the domain")
        outcome = Outcome(kind="unbounded", sentence=Sentence(text, {"reason": Sentence(setting.no_minimum)}))
    elif diverged is not None:
        outcome = Outcome(kind="diverged", diverged_at=diverged, sentence=_gone(run, left, diverged))
    elif _is_flat(run) and run.eigenvalues[0] >= -_rounding(run):
        outcome = Outcome(kind="converged", converged_at=settled, sentence=_arrived(run, setting, settled))
    elif found.is_still[index]:
        outcome = Outcome(kind="stuck", sentence=_stuck(run))
    else:
        outcome = Outcome(kind="moving", sentence=_moving(run, float(found.trend[index])))
    return replace(outcome, reached_at=reached, left_view_at=left)


def _is_flat(run: Run) -> bool:
    first_norm, last_norm = (np.linalg.norm(grads) for grads in run.grads)
    return bool(last_norm <= SMALL * max(first_norm, SMALL))


def _rounding(run: Run) -> float:
    return 1e-9 * float(np.abs(run.eigenvalues).max())


def _is_too_fast(run: Run) -> bool:
    return run.limit is not None and run.learning_rate is not None and run.learning_rate > run.limit


def _rate(run: Run) -> dict[str, str]:
    return {"rate": short(run.learning_rate or 0), "formula": run.limit_formula, "limit": short(run.limit or 0)}


def _gone(run: Run, left: int | None, diverged: int) -> Sentence:
    step = diverged if left is None else left
    if _is_too_fast(run):
        text = N_("diverges: the learning rate {rate} is above {formula} = {limit}; gone from the view at step {step}")
        return Sentence(text, {**_rate(run), "step": step})
    return Sentence(N_("diverges: the loss grows beyond all bounds; gone from the view at step {step}"), {"step": step})


def _arrived(run: Run, setting: Setting, settled: int | None) -> Sentence:
    values = {"step": settled, "gap": short(run.gap)}
    if setting.is_convex or run.gap <= SMALL * max(run.first_gap, 1.0):
        return Sentence(N_("converges to the global minimum; settled from step {step}"), values)
    return Sentence(N_("converges to a local minimum, {gap} above the lowest; settled from step {step}"), values)


def _stuck(run: Run) -> Sentence:
    if _is_flat(run):
        if run.eigenvalues[1] > _rounding(run):
            return Sentence(N_("stuck at a saddle: the gradient is zero, though the surface falls along one direction"))
        return Sentence(N_("stuck where the gradient is zero, though the surface falls from there"))
    if run.is_singular:
        return Sentence(N_("stuck: the Hessian is singular here, so that Newton's step does not exist"))
    if run.rate_faded:
        return Sentence(N_("stuck: the learning rate has faded away before the minimum"))
    return Sentence(N_("stuck: the steps have become too small to see, though the gradient is not zero"))


def _moving(run: Run, trend: float) -> Sentence:
    values = {"gap": short(run.gap), "steps": run.steps}
    if trend > 0.25:
        if _is_too_fast(run):
            text = N_("growing: the learning rate {rate} is above {formula} = {limit}; it will diverge")
            return Sentence(text, _rate(run))
        return Sentence(N_("growing: the loss rises, {gap} above the lowest after {steps} steps"), values)
    if trend < -0.25:
        return Sentence(N_("on its way: the loss still falls, {gap} above the lowest after {steps} steps"), values)
    return Sentence(N_("hovers: the loss no longer falls, {gap} above the lowest after {steps} steps"), values)
