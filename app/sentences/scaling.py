"""What scaling says in words: names of axes, what is wrong with rows, and what a scaler has seen that it must not."""

from collections.abc import Sequence

from app.numerics.analysis.scaling import Shape, Trouble
from app.numerics.runs.outcome import short
from app.schema.messages import N_, Sentence


def axis_names(names: tuple[str, str], scaler: str, morph: float) -> list[Sentence]:
    """Name the axes of the rows: features keep their names as long as each is scaled by itself."""
    if morph == 0 or scaler == "none":
        return [Sentence("{name}", {"name": name}) for name in names]
    if scaler == "whiten":
        return [Sentence(N_("first component")), Sentence(N_("second component"))]
    template = N_("{name}, scaled") if morph == 1 else N_("{name}, partly scaled")
    return [Sentence(template, {"name": name}) for name in names]


def about_leak(scaler: str, honest: Shape, leaking: Shape, *, holds_out: bool, has_leaked: bool) -> Sentence:
    """Say what fitting the scaler on all rows has changed, or would change.

    Args:
        scaler: its name.
        honest: the loss with the scaler fitted on the training rows.
        leaking: the loss with the scaler fitted on all rows.
        holds_out: whether there are test rows.
        has_leaked: whether the scaler was fitted on all rows.
    """
    if not holds_out:
        return Sentence(N_("All rows train. Hold some out to see what a scaler must not know."))
    if scaler in ("none", "unit"):
        return Sentence(N_("This scaler learns nothing from the rows, so nothing can leak from the test rows."))
    values = {
        "train": kappa_text(honest),
        "all": kappa_text(leaking),
        "first": short(leaking.spread[0]),
        "second": short(leaking.spread[1]),
        "right_first": short(honest.spread[0]),
        "right_second": short(honest.spread[1]),
    }
    if has_leaked:
        template = N_(
            "The scaler has seen the test rows: κ is {all} instead of {train}, and σ of the scaled training features "
            "{first} and {second} instead of {right_first} and {right_second}. At the minimum a linear model predicts "
            "the same, but its test rows are no strangers any more."
        )
    else:
        template = N_(
            "The scaler knows the training rows only: κ is {train}; with the test rows, which it must not see, it "
            "would be {all}."
        )
    return Sentence(template, values)


def kappa_text(shape: Shape) -> str:
    """Print a condition number, or ∞."""
    return short(shape.kappa) if shape.kappa else "∞"


def about_troubles(troubles: Sequence[Trouble], *, is_profiled: bool) -> list[Sentence]:
    """Say what about the training rows makes a direction of the loss flat, whatever scales them."""
    return [Sentence(_trouble_text(one, is_profiled=is_profiled), one.values) for one in troubles]


def _trouble_text(trouble: Trouble, *, is_profiled: bool) -> str:
    match trouble.kind:
        case "one row":
            return N_("one training row: no feature varies, and many lines fit it without any error")
        case "collinear":
            return N_(
                "{x1} and {x2} are collinear: κ is infinite, and only one combination of the two weights is decided"
            )
        case "constant" if is_profiled:
            return N_(
                "{name} is {value} in every training row: its σ is 0, no scaler of columns can stretch it, and with b "
                "at its best its weight changes nothing"
            )
        case "constant":
            return N_("{name} is {value} in every training row: its σ is 0, and no scaler of columns can stretch it")
