"""The presets of Search: each shows one thing of the curriculum."""

from app.labs.base import Preset
from app.schema.messages import N_

IDLE = "run=rmsprop&x=learning_rate&y=eps&map_view=0.0001,10,1e-12,0.0001"

SEARCH_PRESETS = (
    Preset(
        name="idle-number",
        title=N_("A grid wastes runs on a number that hardly matters"),
        look_for=N_("ε hardly matters: the grid's 16 runs try 4 learning rates, the random 16. Compare the curves."),
        query=f"{IDLE}&strategy=grid&vs.strategy=log_uniform",
    ),
    Preset(
        name="top-decade",
        title=N_("Uniform spends its budget in one decade"),
        look_for=N_("Nine of ten uniform samples lie right of η = 1, where every run is lost."),
        query="strategy=uniform&vs.strategy=log_uniform",
    ),
    Preset(
        name="one-minus",
        title=N_("Averages want 1 − β"),
        look_for=N_(
            "From β₂ = 0.9 to 0.9999 memory grows a thousandfold: of ten samples even β puts one there, 1 − β seven."
        ),
        query="surface=himmelblau&run=adam&y=beta2&steps=200&vs.strategy=one_minus_log",
    ),
    Preset(
        name="coarse-to-fine",
        title=N_("Look all over, then closely"),
        look_for=N_("Half the runs find the valley of the map; the other half are spent in a box around the best."),
        query="budget=36&strategy=coarse_to_fine&vs.strategy=log_uniform",
    ),
    Preset(
        name="budget",
        title=N_("What a larger budget buys"),
        look_for=N_(
            "The first 16 of 64 runs are the same; the median of all searches goes on to fall, slower and slower."
        ),
        query="vs.budget=64",
    ),
    Preset(
        name="guess-first",
        title=N_("Guess first"),
        look_for=N_("Place your own samples on the hidden map, then show the truth: were you better than chance?"),
        query="surface=beale&run=momentum&hidden=true",
    ),
)
