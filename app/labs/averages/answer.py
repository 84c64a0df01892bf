"""The series and its averages as an answer, each with what it weighs, keeps and misses, in a sentence."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.labs.averages.query import AveragesQuery
from app.labs.base import Translate
from app.labs.descent.query import DescentQuery
from app.numerics.analysis.averages import EMA, Averaged, Rows, exponential, moving, window_of
from app.numerics.optimizers.hyperparameters import BETA1
from app.numerics.runs.outcome import short
from app.runtime.programs import Programs
from app.schema.kinds import Picked
from app.schema.messages import N_, Sentence
from app.schema.text import number_text

Used = Mapping[str, float | bool]


def compute(query: AveragesQuery, _programs: Programs, translate: Translate) -> Mapping[str, Any]:
    """Return the series, each average in the order of the link, and the link that shows the same β in Adam."""
    signal, observed = query.series.entry.make(
        steps=query.steps, seed=query.seed, noise=query.noise, **query.series.values
    )
    return {
        "observed": observed,
        "signal": signal,
        "averages": [_answer(query, one, signal, observed, translate) for one in query.average],
        "sentence": about_beta(query.beta).render(translate),
        "adam": adam_link(query.beta),
    }


def used_by(query: AveragesQuery, picked: Picked) -> Used:
    """Return the values in force: an average's own, else what follows from the β that all share."""
    if picked.entry is EMA:
        own = picked.values["beta"]
        return {"beta": query.beta if own is None else own, "debias": picked.values["debias"]}
    own = picked.values["window"]
    # The last window that a link may name is also the longest that a β is taken to mean.
    return {"window": min(round(window_of(query.beta)), 2000) if own is None else own}


def _answer(
    query: AveragesQuery, picked: Picked, signal: Rows, observed: Rows, translate: Translate
) -> Mapping[str, Any]:
    used = used_by(query, picked)
    if picked.entry is EMA:
        found = exponential(observed, beta=used["beta"], initial=query.initial, debias=bool(used["debias"]))
        says = _about_exponential(used)
    else:
        found = moving(observed, window=int(used["window"]))
        says = Sentence(
            N_("It must keep the last {window} values, and forgets each of them all at once."),
            {"window": found.stores},
        )
    return {
        "name": picked.name,
        "title": translate(picked.entry.title),
        "hyperparameters": dict(used),
        "value": found.value,
        "weights": found.weights,
        "kept": found.kept,
        "start_weight": found.start_weight,
        "window": found.window,
        "stores": found.stores,
        "error": error_of(found, signal),
        "sentence": says.render(translate),
    }


def error_of(average: Averaged, signal: Rows) -> float:
    """Return the root mean square distance from the series without its noise, which nobody sees, from row 1 on."""
    return float(np.sqrt(np.mean((average.value[1:] - signal[1:]) ** 2)))


def about_beta(beta: float) -> Sentence:
    """Say over how many steps a β looks, and what is left of a weight that far back."""
    window = window_of(beta)
    steps = max(round(window), 1)
    if beta == 0:
        return Sentence(N_("β = 0 keeps nothing: the average is the newest value itself."))
    template = N_(
        "β = {beta} averages about 1/(1 − β) = {window} steps: that far back, a value weighs {share} of the newest "
        "(1/e = 0.368)."
    )
    return Sentence(
        template,
        {"beta": number_text(beta), "window": number_text(float(f"{window:.3g}")), "share": short(beta**steps)},
    )


def _about_exponential(used: Used) -> Sentence:
    if not used["debias"]:
        template = N_("After t steps its initial value still weighs βᵗ: {share} after {steps} steps.")
    else:
        template = N_(
            "The initial value is taken out and the rest divided by 1 − βᵗ: without that it would still weigh {share} "
            "after {steps} steps. It counts the steps, too."
        )
    steps = max(round(window_of(used["beta"])), 1)
    return Sentence(template, {"share": short(used["beta"] ** steps), "steps": steps})


def adam_link(beta: float) -> str:
    """Return a query of Descent: the first steps of Adam with this β for its gradients, corrected and not."""
    text = f"{min(beta, BETA1.high):.12g}"
    pairs = [
        ("surface", "bowl"),
        ("run", f"adam,beta1:{text}"),
        ("run", f"adam,beta1:{text},debias:false"),
        ("steps", "40"),
    ]
    return DescentQuery.read(pairs).link()
