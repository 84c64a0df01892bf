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
            query="scaler=minmax&learning_rate=1&rate=relative&vs.scaler=robust",
            says=N_("Min–max and robust scaling of the same wines: much the same cloud, in other units."),
            observe=N_("Look at the largest η of each: units decide which rates are stable."),
        ),
        Step(
            lab="scaling",
            query="scaler=minmax&outlier=15,30&learning_rate=1&rate=relative&vs.scaler=robust",
            says=N_("Now one outlier comes in. The extremes are all that min–max looks at."),
            observe=N_("Drag the outlier: left it squeezes all others together, right they stay where they were."),
        ),
        Step(
            lab="scaling",
            query="surface=regression,split:0.5&scaler=minmax&learning_rate=1&rate=relative&seed=2&vs.fit=all",
            says=N_("Half of the rows are held out (rings). Right, the scaler was fitted on them, too."),
            observe=N_("Left some rings lie outside 0 and 1, as unknown rows do; right none can."),
        ),
        Step(
            lab="scaling",
            query="surface=regression,x1:total_phenols,x2:flavanoids&learning_rate=1&rate=relative&vs.scaler=whiten",
            says=N_("Two features that say nearly the same: standardized columns leave the ellipse long."),
            observe=N_("κ stays 13.8 = (1 + |ρ|)/(1 − |ρ|). Only whitening, which also turns, makes a circle."),
        ),
    ),
)
