"""The first chapter: from the ellipse to one step."""

from app.schema.messages import N_
from app.stories.record import WINE, Step, Story

FIRST_CHAPTER = Story(
    name="first-chapter",
    place=10,
    title=N_("The first chapter: from the ellipse to one step"),
    about=N_("Two raw features of real wines, why gradient descent zig-zags on them, and what becomes of that."),
    steps=(
        Step(
            lab="scaling",
            query="scaler=none&learning_rate=0.05&steps=80",
            says=N_("178 real wines: the color varies four times as much as the proanthocyanins."),
            observe=N_("The rows form a long cloud, and their loss a long ellipse, perpendicular to it."),
        ),
        Step(
            lab="descent",
            query=f"{WINE}&learning_rate=0.05&steps=80",
            says=N_("Gradient descent on that ellipse, with a cautious rate."),
            observe=N_("The path turns at once into the long axis and crawls along it: 80 steps are not enough."),
        ),
        Step(
            lab="descent",
            query=f"{WINE}&learning_rate=0.337&steps=80&at=6",
            says=N_("Faster, then: a larger learning rate. The arrow −∇L does not point at the minimum."),
            observe=N_("Step with → and watch the angle between the two arrows: the path zig-zags."),
        ),
        Step(
            lab="descent",
            query=f"{WINE}&learning_rate=0.4&steps=80",
            says=N_("Faster still? The steep direction allows no rate above 2/λ_max = 0.374."),
            observe=N_("Every oscillation is larger than the one before; the run leaves the view."),
        ),
        Step(
            lab="descent",
            query=f"{WINE}&run=gd&run=momentum,beta1:0.7&learning_rate=0.337&steps=80",
            says=N_("Momentum sums past gradients: across the valley they cancel, along it they add up."),
            observe=N_("35 steps instead of 60. Drag the β₁ of the second run and see both effects."),
        ),
        Step(
            lab="scaling",
            query="morph=0&learning_rate=0.337&steps=80",
            says=N_("The other remedy changes the data: standardized, each feature has mean 0 and spread 1."),
            observe=N_("Press m, or drag t from 0 to 1: the cloud becomes round, and with it the loss."),
        ),
        Step(
            lab="descent",
            query=f"{WINE}&learning_rate=0.337&steps=80&vs.scaler=standardize",
            says=N_("Raw and standardized side by side."),
            observe=N_(
                "The same rate, the same start: the ellipse is round, and 17 steps lead straight to the minimum."
            ),
        ),
        Step(
            lab="descent",
            query="surface=circle&learning_rate=0.3&steps=20",
            says=N_("A perfect circle, κ = 1: −∇L points at the minimum from everywhere."),
            observe=N_("Move the start wherever you like: the path is straight."),
        ),
        Step(
            lab="descent",
            query="surface=circle&learning_rate=1&steps=5",
            says=N_("And with the rate 1/λ gradient descent is at the minimum after one step, from anywhere."),
            observe=N_("Drag the start: always one step. That is what scaling aims at."),
        ),
    ),
)
