"""Noise on the gradient."""

from app.numerics.conditions import Addition, by_name
from app.schema.kinds import Number
from app.schema.messages import N_

STD = Number(
    name="std",
    title=N_("Standard deviation"),
    symbol="σ",
    default=0.5,
    low=0.0,
    high=1e6,
    slider=(1e-3, 100.0),
    scale="log",
)
NOISES = by_name(
    Addition(name="none", title=N_("none")),
    Addition(
        name="gaussian",
        title=N_("Gaussian"),
        formula=r"g \leftarrow g + \sigma z,\quad z \sim N(0, I)",
        about=N_("Adds seeded normal draws to the gradient, the same ones for every run."),
        parameters=(STD,),
    ),
)
