"""The presets of Critical points: each shows one thing of the curriculum."""

from app.labs.base import Preset
from app.schema.messages import N_

CRITICAL_PRESETS = (
    Preset(
        name="himmelblau",
        title=N_("Himmelblau's nine"),
        look_for=N_("Four minima, four saddles between them, and one maximum in the middle: click on each and read λ."),
        query="surface=himmelblau",
    ),
    Preset(
        name="two-weights",
        title=N_("Two weights in a row"),
        look_for=N_(
            "At 0 the Hessian is [[0, −2], [−2, 0]]: a saddle, left along (1, 1)/√2. The minima form two curves."
        ),
        query="surface=two_weights&point=0,0",
    ),
    Preset(
        name="monkey-saddle",
        title=N_("When second derivatives do not decide"),
        look_for=N_("In the middle of the monkey saddle the whole Hessian is zero: no model, no verdict."),
        query="surface=monkey_saddle&point=0,0&signs=true",
    ),
    Preset(
        name="escape",
        title=N_("How long a saddle holds"),
        look_for=N_("Divide ε by ten: the escape takes ln 10 / ln(1 + η|λ|) = 12.6 steps more, each time."),
        query="surface=saddle&point=0,0&learning_rate=0.1&epsilon=0.000001&steps=120&model=false&escapes=true",
    ),
    Preset(
        name="momentum-escapes",
        title=N_("Momentum leaves earlier"),
        look_for=N_("The same offset with and without momentum: on the way out speed builds up."),
        query="surface=saddle_walls&point=0,0&learning_rate=0.05&epsilon=0.000001&model=false&escapes=true&vs.beta1=0",
    ),
    Preset(
        name="curvature",
        title=N_("Where a surface is a bowl"),
        look_for=N_(
            "Only in the shaded islands are both eigenvalues positive: there Newton's step heads for a minimum."
        ),
        query="surface=himmelblau&point=1,1&signs=true",
    ),
    Preset(
        name="many",
        title=N_("441 critical points"),
        look_for=N_("Of Rastrigin's 441 critical points a quarter are minima: half of them are saddles."),
        query="surface=rastrigin&point=0.5,0.5",
    ),
    Preset(
        name="plateau",
        title=N_("Hardly a gradient, and no critical point"),
        look_for=N_(
            "On the plateau the gradient is next to nothing, yet no point there is critical: it is flat ground."
        ),
        query="surface=plateau&point=8.5,8.5",
    ),
    Preset(
        name="circles",
        title=N_("Circles of critical points"),
        look_for=N_("Every crest and trough of the drop wave is a whole ring of critical points: λ is 0 along it."),
        query="surface=drop_wave&view=-1.6,1.6,-1.6,1.6",
    ),
)
