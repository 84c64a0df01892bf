"""How large may a step be?"""

from app.schema.messages import N_
from app.stories.record import BOWL, Step, Story

LEARNING_RATE = Story(
    name="learning-rate",
    place=20,
    title=N_("How large may a step be?"),
    about=N_("One bowl, five learning rates: too small, good, at the edge, over it, and falling."),
    steps=(
        Step(
            lab="descent",
            query=f"{BOWL}&learning_rate=0.002&steps=100",
            says=N_("A learning rate of 0.002: nothing goes wrong, and nothing gets done."),
            observe=N_("After 100 steps the path is still far up the valley."),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&learning_rate=0.04&steps=100",
            says=N_("0.04 = 1/λ_max: the steep direction is done in one step, the flat one is not."),
            observe=N_("One leap into the valley, then a straight walk along it."),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&learning_rate=0.0769&steps=100",
            says=N_("0.0769 = 2/(λ_max + λ_min), the best constant rate: both directions shrink equally fast."),
            observe=N_("It swings across the valley and arrives at step 87; at 0.04 a hundred steps were not enough."),
        ),
        Step(
            lab="descent",
            query=f"{BOWL}&run=gd,learning_rate:0.0795&run=gd,learning_rate:0.085&steps=100",
            says=N_("Just below and just above 2/λ_max = 0.08."),
            observe=N_("One swings for a long time, the other is gone: there is no soft landing at this edge."),
        ),
        Step(
            lab="descent",
            query="surface=bowl,kappa:5&learning_rate=0.2&noise=gaussian,std:8&steps=500&vs.schedule=inverse_time",
            says=N_("With noisy gradients even a good rate never settles; a falling one does."),
            observe=N_("Left a cloud around the minimum, right a path that comes to rest in it."),
        ),
    ),
)
