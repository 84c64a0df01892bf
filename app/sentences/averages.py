"""What running averages say in words: how far back they look, and what they store."""

from app.numerics.analysis.averages import Averaged, steps_of, window_of
from app.schema.messages import N_, Sentence
from app.schema.text import number_text
from app.sentences.numbers import short


def about_beta(beta: float) -> Sentence:
    """Say over how many steps an average with this β looks, and what a value that old still weighs."""
    if beta == 0:
        return Sentence(N_("β = 0 keeps nothing: the average is the newest value itself."))
    template = N_(
        "β = {beta} averages about 1/(1 − β) = {window} steps: that far back, a value weighs {share} of the newest "
        "(1/e = 0.368)."
    )
    window = number_text(float(f"{window_of(beta):.3g}"))
    return Sentence(template, {"beta": number_text(beta), "window": window, "share": short(beta ** steps_of(beta))})


def about_exponential(beta: float, *, is_corrected: bool) -> Sentence:
    """Say what an exponential average's initial value still weighs after as many steps as it looks back."""
    template = N_("After t steps its initial value still weighs βᵗ: {share} after {steps} steps.")
    if is_corrected:
        template = N_(
            "The initial value is taken out and the rest divided by 1 − βᵗ: without that it would still weigh {share} "
            "after {steps} steps. It counts the steps, too."
        )
    steps = steps_of(beta)
    return Sentence(template, {"share": short(beta**steps), "steps": steps})


def about_moving(average: Averaged) -> Sentence:
    """Say what a moving average stores."""
    template = N_("It must keep the last {window} values, and forgets each of them all at once.")
    return Sentence(template, {"window": average.stores})
