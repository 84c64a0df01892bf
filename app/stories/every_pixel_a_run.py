"""A quarter of a million runs at once."""

from app.schema.messages import N_
from app.stories.record import BOWL, Step, Story

EVERY_PIXEL_A_RUN = Story(
    name="every-pixel-a-run",
    place=100,
    title=N_("A quarter of a million runs at once"),
    about=N_("What one run cannot show: where learning rates become unstable, and which start leads where."),
    steps=(
        Step(
            lab="descent",
            query=f"{BOWL}&run=momentum&learning_rate=0.05&beta1=0.5&steps=100",
            says=N_("One run tells about one learning rate and one β₁: these two work."),
            observe=N_("Drag either slider: somewhere the run diverges. But where is the border?"),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&run=momentum&learning_rate=0.05&beta1=0.5&steps=100&map=stability",
            says=N_("On the right every pixel is such a run, with a rate and a β₁ of its own."),
            observe=N_("All runs beyond the dashed line of theory, 2(1 + β)/λ_max, diverge. Click any pixel."),
        ),
        Step(
            lab="descent",
            query="surface=rosenbrock&run=adam&start=-1.5,2&steps=300&map=stability",
            says=N_("Adam in Rosenbrock's bent valley: no formula draws this map."),
            observe=N_("Most rates are far too small; good ones fill a narrow band, and beside it luck decides."),
        ),
        Step(
            lab="descent",
            query="surface=himmelblau&run=gd,learning_rate:0.01&steps=200&map=basins",
            says=N_("Now every pixel is a start, in the color of the point where its run ends."),
            observe=N_("Four valleys with smooth borders, and the saddles lie on them."),
        ),
        Step(
            lab="descent",
            query="surface=himmelblau&run=newton&start=-1,1.5&steps=60&map=basins",
            says=N_("The same starts with Newton's method."),
            observe=N_("Nine colors: saddles and the maximum attract it too, and its borders are frayed."),
        ),
    ),
)
