"""The series and its averages as an answer: what each weighs, stores and misses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from app.labs.averages.query import AveragesQuery
from app.labs.base import Translate
from app.labs.descent.query import DescentQuery
from app.numerics.analysis.averages import EMA, Rows, error_of, exponential, moving, moving_window_of
from app.numerics.optimizers.hyperparameters import BETA1
from app.runtime.programs import Programs
from app.schema.kinds import Picked
from app.sentences.averages import about_beta, about_exponential, about_moving


@dataclass(frozen=True, kw_only=True)
class AverageAnswer:
    """A running average; row t is after t values."""

    name: str
    """As links name it: `ema` or `mean`."""
    title: str
    """In the language of the request."""
    hyperparameters: Mapping[str, float | bool]
    """The values in force: `beta` and `debias`, or `window`."""
    value: Float[np.ndarray, " rows"]
    """The average; nan where no value has been seen."""
    weights: Float[np.ndarray, " lags"]
    """At row t, the value seen k steps ago weighs `weights[k] / kept[t]`, for k < t."""
    kept: Float[np.ndarray, " rows"]
    """What the weights given out so far add up to, where the average is divided by it; else 1."""
    start_weight: Float[np.ndarray, " rows"]
    """What the initial value weighs."""
    window: float
    """Over how many steps it averages: 1/(1 − β), or w."""
    stores: int
    """How many numbers it must keep from one step to the next."""
    error: float
    """Root mean square distance from `signal`, rows 1 to the last."""
    sentence: str
    """What it stores, or what its initial value still weighs, in words."""


@dataclass(frozen=True, kw_only=True)
class AveragesAnswer:
    """A noisy series, and up to four running averages of it; row t is after t values."""

    observed: Float[np.ndarray, " rows"]
    """The values with noise; row 0 is nan."""
    signal: Float[np.ndarray, " rows"]
    """The values without noise; row 0 is nan."""
    averages: Sequence[AverageAnswer]
    """In the order of the link."""
    sentence: str
    """What the shared β means, in words."""
    adam: str
    """A query of `/descent`: the first steps of Adam with this β, corrected and not."""


def compute(query: AveragesQuery, _programs: Programs, translate: Translate) -> AveragesAnswer:
    """Return the series, each average in the order of the link, and the link that shows the same β in Adam."""
    signal, observed = query.series.entry.make(
        steps=query.steps, seed=query.seed, noise=query.noise, **query.series.values
    )
    return AveragesAnswer(
        observed=observed,
        signal=signal,
        averages=[_average(query, one, signal, observed, translate) for one in query.average],
        sentence=about_beta(query.beta).render(translate),
        adam=adam_link(query.beta),
    )


def used_by(query: AveragesQuery, picked: Picked) -> Mapping[str, float | bool]:
    """Return the values in force: an average's own, else what follows from the β that all share."""
    if picked.entry is EMA:
        own = picked.values["beta"]
        return {"beta": query.beta if own is None else own, "debias": picked.values["debias"]}
    own = picked.values["window"]
    return {"window": moving_window_of(query.beta) if own is None else own}


def _average(query: AveragesQuery, picked: Picked, signal: Rows, observed: Rows, translate: Translate) -> AverageAnswer:
    used = used_by(query, picked)
    if picked.entry is EMA:
        beta, is_corrected = used["beta"], bool(used["debias"])
        found = exponential(observed, beta=beta, initial=query.initial, debias=is_corrected)
        sentence = about_exponential(beta, is_corrected=is_corrected)
    else:
        found = moving(observed, window=int(used["window"]))
        sentence = about_moving(found)
    return AverageAnswer(
        name=picked.name,
        title=translate(picked.entry.title),
        hyperparameters=used,
        value=found.value,
        weights=found.weights,
        kept=found.kept,
        start_weight=found.start_weight,
        window=found.window,
        stores=found.stores,
        error=error_of(found, signal),
        sentence=sentence.render(translate),
    )


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
