"""The presets of Averages: each shows one thing of the curriculum."""

from app.labs.base import Preset
from app.schema.messages import N_

AVERAGES_PRESETS = (
    Preset(
        name="year",
        title=N_("A year of temperatures"),
        look_for=N_("Drag β: 0.9 looks over about 10 days, 0.98 over 50: smoother, and later."),
        query="steps=365",
    ),
    Preset(
        name="bias",
        title=N_("A start from zero"),
        look_for=N_("Go to the first steps: the plain average creeps up from 0, the corrected one is right at once."),
        query="series=constant&average=ema&average=ema,debias:true&beta=0.98&noise=1&at=12",
    ),
    Preset(
        name="betas",
        title=N_("Three β"),
        look_for=N_("β = 0.5, 0.9 and 0.98 look over 2, 10 and 50 steps: less noise costs more delay."),
        query="series=sine,period:120&average=ema,beta:0.5,debias:true&average=ema,beta:0.9,debias:true"
        "&average=ema,beta:0.98,debias:true",
    ),
    Preset(
        name="memory",
        title=N_("One number, or fifty"),
        look_for=N_(
            "50 steps after the jump the moving average is there, the exponential one two thirds of the way; but it "
            "keeps two numbers, not 50 values."
        ),
        query="series=step&average=ema,debias:true&average=mean&beta=0.98&noise=1",
    ),
    Preset(
        name="spike",
        title=N_("Weights made visible"),
        look_for=N_("One spike among zeros: after it the exponential average is ten times its weights, (1 − β)βᵏ."),
        query="series=impulse,jump:20&average=ema&average=mean&noise=0&steps=100&at=30",
    ),
    Preset(
        name="walk",
        title=N_("Where averaging does not help"),
        look_for=N_(
            "A random walk with little noise: the longer the window, the farther the average is from the walk."
        ),
        query="series=walk&average=ema,beta:0.5,debias:true&average=ema,beta:0.95,debias:true&average=mean&noise=0.3",
    ),
    Preset(
        name="compare",
        title=N_("β = 0.9 beside 0.98"),
        look_for=N_("Same series twice: at the same step, ten bars carry the weight on the left, fifty on the right."),
        query="average=ema,debias:true&average=mean&steps=365&at=120&vs.beta=0.98",
    ),
)
