"""From gradient descent to Adam."""

from app.schema.messages import N_
from app.stories.record import BOWL, Step, Story

TOWARDS_ADAM = Story(
    name="towards-adam",
    place=60,
    title=N_("From gradient descent to Adam"),
    about=N_("A valley 20 times as long as wide, κ = 400, and what each idea contributes."),
    steps=(
        Step(
            lab="descent",
            query="surface=long_valley&run=gd&steps=300",
            says=N_("Gradient descent: one rate for both directions, and the steep one decides it."),
            observe=N_("After 300 steps it is not halfway along the valley."),
        ),
        Step(
            lab="descent",
            query="surface=long_valley&run=gd&run=momentum&steps=300",
            says=N_("Momentum: the average of the gradients builds up speed where they agree."),
            observe=N_("After 300 steps its loss is a thousand times lower: compare the curves."),
        ),
        Step(
            lab="descent",
            query="surface=long_valley&run=gd&run=rmsprop&steps=300",
            says=N_("RMSProp: each coordinate is divided by the size of its own gradients."),
            observe=N_("Both coordinates advance equally fast, but near the minimum it keeps oscillating."),
        ),
        Step(
            lab="descent",
            query="surface=long_valley&run=gd&run=momentum&run=rmsprop&run=adam&steps=300",
            says=N_("Adam: the average of the gradients over the size of the gradients, both corrected."),
            observe=N_("Open the inspector: m̂, v̂ and the effective rate of each coordinate, step by step."),
        ),
        Step(
            lab="averages",
            query="average=ema,beta:0.9&average=ema,beta:0.9,debias:true&steps=60&at=5",
            says=N_("Why corrected? An average that begins at zero is too small at first."),
            observe=N_("Play from step 0: the corrected line starts at the data, the other climbs to it."),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&run=adam,learning_rate:0.1&run=adam,learning_rate:0.1,debias:false&steps=100&at=3",
            says=N_("In Adam both averages begin at zero, and the one of the squares climbs more slowly."),
            observe=N_(
                "Without the correction the first steps are more than three times as long. Here that "
                "even helps: its loss ends lower."
            ),
        ),
    ),
)
