"""What scaling says in words: names of axes, what is wrong with rows, and what a scaler has seen that it must not."""

from collections.abc import Sequence

from app.numerics.analysis.scaling import Leak, Shape, Trouble
from app.schema.messages import N_, Sentence
from app.sentences.numbers import short


def axis_names(names: tuple[str, str], scaler: str, morph: float) -> list[Sentence]:
    """Name the axes of the rows: features keep their names as long as each is scaled by itself."""
    if morph == 0 or scaler == "none":
        return [Sentence("{name}", {"name": name}) for name in names]
    if scaler == "whiten":
        return [Sentence(N_("first component")), Sentence(N_("second component"))]
    template = N_("{name}, scaled") if morph == 1 else N_("{name}, partly scaled")
    return [Sentence(template, {"name": name}) for name in names]


def about_leak(leak: Leak | None, *, holds_out: bool, has_leaked: bool) -> Sentence:
    """Say what fitting the scaler on all rows has changed, or would change.

    Args:
        leak: what the two scalers make of the test; None where there is none, or the scaler learns nothing.
        holds_out: whether there are test rows.
        has_leaked: whether the scaler was fitted on all rows.
    """
    if not holds_out:
        return Sentence(N_("All rows train. Hold some out to see what a scaler must not know."))
    if leak is None:
        return Sentence(N_("This scaler learns nothing from the rows, so nothing can leak from the test rows."))
    values = {
        "train": kappa_text(leak.honest),
        "all": kappa_text(leak.leaking),
        "honest_loss": short(leak.honest_loss),
        "leaking_loss": short(leak.leaking_loss),
        "outside": leak.outside,
        "count": leak.count,
    }
    changes_test = abs(leak.leaking_loss - leak.honest_loss) > SAME * leak.honest_loss
    return Sentence(_LEAKS[has_leaked, changes_test], values)


SAME = 1e-3  # a test loss that changes by a smaller share is the same
_LEAKS = {
    (True, True): N_(
        "The scaler has seen the test rows, and the test loss is {leaking_loss}. Fitted on the training rows alone, it "
        "is {honest_loss}: that is the number to report. κ is {all} instead of {train}."
    ),
    (True, False): N_(
        "The scaler has seen the test rows: none of them can lie outside its range, though {outside} of {count} lie "
        "outside that of the training rows. κ is {all} instead of {train}. With b at its best the predictions at the "
        "minimum are the same, but not on the way there."
    ),
    (False, True): N_(
        "The scaler knows the training rows only, and {outside} of {count} test rows lie outside their range. The test "
        "loss is {honest_loss}; had the scaler seen the test rows, it would be {leaking_loss}, and no test any more."
    ),
    (False, False): N_(
        "The scaler knows the training rows only, and {outside} of {count} test rows lie outside their range. κ is "
        "{train}; with the test rows, which the scaler must not see, it would be {all}."
    ),
}


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
