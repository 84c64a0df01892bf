"""What a scaler sees."""

from app.schema.messages import N_
from app.stories.record import Step, Story

SCALERS = Story(
    name="scalers",
    place=30,
    title=N_("What a scaler sees"),
    about=N_("Outliers, test rows, correlation: what scaling by columns can do, and what it cannot."),
    steps=(
        Step(
            lab="scaling",
            query="surface=regression,x1:alcohol,x2:malic_acid&scaler=minmax&learning_rate=1&rate=relative"
            "&vs.scaler=robust",
            says=N_("Min–max and robust scaling of the same wines: much the same cloud, in other units."),
            observe=N_("Look at the largest η of each: units decide which rates are stable."),
        ),
        Step(
            lab="scaling",
            query="surface=regression,x1:alcohol,x2:malic_acid&scaler=minmax&outlier=21,2.3&learning_rate=1&rate=relative"
            "&vs.scaler=robust",
            says=N_("Now one wine of 21 percent comes in. The extremes are all that min–max looks at."),
            observe=N_("Left it squeezes all others together, and κ is 4.8; right they stay, and κ is 1.16."),
        ),
        Step(
            lab="scaling",
            query="surface=regression,data:breast_cancer,x1:mean_smoothness,x2:worst_concave_points,intercept:fixed,"
            "split:0.8&scaler=minmax&learning_rate=1&rate=relative&seed=4&vs.fit=all",
            says=N_("Four of five rows are held out (rings). Right, the scaler was fitted on them, too."),
            observe=N_(
                "Left 14 rings lie outside 0 and 1, as unknown rows do; right none can, and the test loss looks "
                "better than it is: 0.122 instead of 0.204."
            ),
        ),
        Step(
            lab="scaling",
            query="surface=regression,x1:total_phenols,x2:flavanoids&learning_rate=1&rate=relative&vs.scaler=whiten",
            says=N_("Two features that say nearly the same: standardized columns leave the ellipse long."),
            observe=N_("κ stays 13.8 = (1 + |ρ|)/(1 − |ρ|). Only whitening, which also turns, makes a circle."),
        ),
    ),
)
