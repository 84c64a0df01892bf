"""What Averages is asked: every key with its words, range and default."""

import dataclasses

from app.labs.base import AT, DTYPE, SEED, STEPS, PageKeys, hideable
from app.numerics.analysis.averages import AVERAGES, BETA, EMA, MEAN, SERIES
from app.schema.kinds import Component, Number, Picked, pick
from app.schema.messages import N_
from app.schema.query import key

MOST_AVERAGES = 4

INITIAL = Number(
    name="initial",
    title=N_("Initial value"),
    symbol="v₀",
    default=0.0,
    low=-1e6,
    high=1e6,
    slider=(-20.0, 20.0),
    help=N_("What the exponential averages are before the first value; the correction takes it out again."),
)
NOISE = Number(
    name="noise",
    title=N_("Noise"),
    symbol="σ",
    default=2.0,
    low=0.0,
    high=1e6,
    slider=(0.0, 10.0),
    help=N_("Standard deviation of the Gaussian noise on every value."),
)


class AveragesQuery(PageKeys):
    """Everything that the lab of averages computes and shows."""

    series: Picked = key(
        Component(title=N_("Series"), entries=SERIES), default=pick(SERIES["temperatures"]), group="series"
    )
    average: tuple[Picked, ...] = key(
        Component(
            title=N_("Averages"),
            entries=AVERAGES,
            most=MOST_AVERAGES,
            one=N_("Average"),
            adds=N_("Add an average"),
        ),
        default=(pick(EMA), pick(EMA, debias=True), pick(MEAN)),
        group="averages",
    )
    beta: float = key(BETA, group="main")
    noise: float = key(NOISE, group="main")
    initial: float = key(INITIAL, group="series")
    steps: int = key(
        dataclasses.replace(STEPS, slider=(10, 2000), high=2000, help=N_("How many values the series has.")),
        group="series",
    )
    seed: int = key(
        dataclasses.replace(SEED, help=N_("The only source of randomness: the same seed draws the same series.")),
        group="series",
    )
    at: int | None = key(AT, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: AveragesQuery), default=(), role="page")
    dtype: str = key(DTYPE, role="api")
