"""The presets of Scaling: each shows one thing of the curriculum."""

from app.labs.base import Preset
from app.schema.messages import N_

PAIR = "learning_rate=0.337&steps=80"

SCALING_PRESETS = (
    Preset(
        name="morph",
        title=N_("From ellipse to circle"),
        look_for=N_("Drag t from 0 to 1: the cloud of rows becomes round, and the loss with it; κ falls from 16 to 1."),
        query=f"{PAIR}&morph=0",
    ),
    Preset(
        name="side-by-side",
        title=N_("Raw beside standardized"),
        look_for=N_("The same rows, start and rate: a zig-zag of almost 60 steps against 17 straight ones."),
        query=f"{PAIR}&scaler=none&vs.scaler=standardize",
    ),
    Preset(
        name="extreme",
        title=N_("The extreme pair"),
        look_for=N_("Alcohol in percent, proline in hundreds: at t = 0 the loss is a ditch, κ = 260,000."),
        query="surface=regression,x1:alcohol,x2:proline&learning_rate=1&rate=relative&morph=0.5",
    ),
    Preset(
        name="outlier",
        title=N_("One outlier"),
        look_for=N_(
            "One wine of 21 percent: min–max squeezes all others to 0.38 of their spread and leaves κ = 4.8; robust "
            "scaling keeps their spread, and κ = 1.16."
        ),
        query="surface=regression,x1:alcohol,x2:malic_acid&scaler=minmax&outlier=21,2.3&learning_rate=1&rate=relative"
        "&vs.scaler=robust",
    ),
    Preset(
        name="leak",
        title=N_("A scaler that has seen the test"),
        look_for=N_(
            "Left fitted on the training rows, right on all: the leak makes the test loss look better, 0.122 instead "
            "of the honest 0.204."
        ),
        query="surface=regression,data:breast_cancer,x1:mean_smoothness,x2:worst_concave_points,intercept:fixed,split:0.8"
        "&scaler=minmax&learning_rate=1&rate=relative&seed=4&vs.fit=all",
    ),
    Preset(
        name="centering",
        title=N_("Centering matters, not scale alone"),
        look_for=N_("x₂ is 10,000 times x₁. With b fixed at 0, min–max leaves κ near 7; standardizing also centers."),
        query="surface=regression,data:made_wide,intercept:fixed&scaler=minmax&learning_rate=1&rate=relative"
        "&vs.scaler=standardize",
    ),
    Preset(
        name="correlated",
        title=N_("What standardizing cannot undo"),
        look_for=N_("Correlated features: standardized, κ is still (1 + |ρ|)/(1 − |ρ|); whitening makes it 1."),
        query="surface=regression,x1:total_phenols,x2:flavanoids&learning_rate=1&rate=relative&vs.scaler=whiten",
    ),
    Preset(
        name="rows",
        title=N_("Scaling rows instead of features"),
        look_for=N_("Unit-norm rows all lie on one arc: that is no standardization, and κ shows it."),
        query="learning_rate=1&rate=relative&steps=80&scaler=unit&vs.scaler=standardize",
    ),
    Preset(
        name="not-needed",
        title=N_("When it is not needed"),
        look_for=N_("Both features already have the same spread: κ is small at t = 0, and scaling changes little."),
        query="surface=regression,data:made_near&learning_rate=1&rate=relative&morph=0",
    ),
)
