"""Averages: how a running average weighs the past, what it has to keep for that, and why its start is corrected."""

from app.labs.averages.compute import AveragesAnswer, compute
from app.labs.averages.presets import AVERAGES_PRESETS
from app.labs.averages.query import AveragesQuery
from app.labs.base import Computation, Lab, Picture
from app.schema.messages import N_

AVERAGES_LAB = Lab(
    slug="averages",
    place=30,
    title=N_("Averages"),
    about=N_("Average a noisy series, see what every past value weighs, and correct the start."),
    computations=(
        Computation(
            name="averages",
            title="A series and up to four running averages of it",
            about=(
                "Row t is after t values; row 0 of `observed` is nan. At row t the value seen k steps ago weighs "
                "`weights[k] / kept[t]`, for k < t, and the initial value `start_weight[t]`. `error` is the root mean "
                "square distance from `signal`, the series without noise; `adam` is a query of `/descent`."
            ),
            query=AveragesQuery,
            compute=compute,
            answer=AveragesAnswer,
        ),
    ),
    presets=AVERAGES_PRESETS,
    picture=Picture(kind="series", query="steps=365&beta=0.95"),
)

__all__ = ["AVERAGES_LAB", "AveragesAnswer", "AveragesQuery", "compute"]
