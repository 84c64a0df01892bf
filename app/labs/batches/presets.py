"""The presets of Batches: each shows one thing of the curriculum."""

from app.labs.base import Preset
from app.schema.messages import N_

CANCER = "surface=logistic,data:breast_cancer"

# The run that a preset is about follows the slider of all runs, which a visitor will drag.
BATCHES_PRESETS = (
    Preset(
        name="one-against-all",
        title=N_("One row against all rows"),
        look_for=N_(
            "Ten epochs: 1,780 noisy updates of one row each come close to the minimum; 10 of all rows have just begun."
        ),
        query="batch=1&learning_rate=0.02&run=gd&run=gd,batch:178",
    ),
    Preset(
        name="root-law",
        title=N_("Four times the rows, half the noise"),
        look_for=N_("The deviation of the batch gradient falls along 1/√B, and reaches 0 where B is all rows."),
        query=f"{CANCER}&batch=16&learning_rate=0.3",
    ),
    Preset(
        name="noise-floor",
        title=N_("The noise floor"),
        look_for=N_("With one rate small batches hover above the minimum; the larger B, the lower they get."),
        query="batch=1&learning_rate=0.2&epochs=40&run=gd&run=gd,batch:16&run=gd,batch:178",
    ),
    Preset(
        name="two-valleys",
        title=N_("Noise leaves the sharp valley"),
        look_for=N_("All rows stay in the sharp valley where they began; single rows are shaken into the flat one."),
        query="surface=two_valleys&batch=1&learning_rate=0.09&epochs=40&run=gd&run=gd,batch:64",
    ),
    Preset(
        name="momentum",
        title=N_("Momentum averages over batches"),
        look_for=N_(
            "At the same rate per gradient, η/(1 − β₁), the averaged steps fluctuate less from batch to batch."
        ),
        query="batch=4&epochs=5&run=gd,learning_rate:0.2&run=momentum,learning_rate:0.02",
    ),
    Preset(
        name="thirty-epochs",
        title=N_("17,070 updates"),
        look_for=N_(
            "569 cell samples one by one, 30 epochs: an epoch takes 569 units of time, in batches of 64 only 9."
        ),
        query=f"{CANCER}&batch=1&epochs=30&learning_rate=0.02",
    ),
)
