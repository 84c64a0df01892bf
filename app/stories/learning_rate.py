"""How large may a step be?"""

from app.schema.messages import N_
from app.stories.record import BOWL, Step, Story

LEARNING_RATE = Story(
    name="learning-rate",
    place=20,
    title=N_("How large may a step be?"),
    about=N_("One bowl, and learning rates that are too small, good, at the limit, above it, and decaying."),
    steps=(
        Step(
            lab="descent",
            query=f"{BOWL}&learning_rate=0.002&steps=100",
            says=N_("A learning rate of 0.002: stable, and far too slow."),
            observe=N_("After 100 steps the path has covered less than a fifth of the way along the valley."),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&learning_rate=0.04&steps=100",
            says=N_("0.04 = 1/λ_max: the steep direction is done in one step, the flat one is not."),
            observe=N_("One step to the bottom of the valley, then a straight path along it."),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&learning_rate=0.0769&steps=100",
            says=N_("0.0769 = 2/(λ_max + λ_min), the best constant rate: both directions shrink equally fast."),
            observe=N_(
                "It oscillates across the valley and reaches the tolerance at step 87; at 0.04 a "
                "hundred steps were not enough."
            ),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&run=gd,learning_rate:0.0795&run=gd,learning_rate:0.085&steps=100",
            says=N_("Just below and just above 2/λ_max = 0.08."),
            observe=N_("One oscillates for a long time, the other diverges: this limit is sharp."),
        ),
        Step(
            lab="descent",
            query="surface=bowl,kappa:5&learning_rate=0.2&noise=gaussian,std:8&steps=500&vs.schedule=inverse_time",
            says=N_("With noisy gradients a constant rate never settles; a decaying one brings the run ever closer."),
            observe=N_("Left a cloud around the minimum, right a path that closes in on it."),
        ),
    ),
)
