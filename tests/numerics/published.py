"""What the literature says about each surface, typed from there and not from the code: NumPy formulas and digits."""

from collections.abc import Callable, Mapping

import numpy as np

# Of x and y; with parameters, at their defaults.
FORMULAS: Mapping[str, Callable] = {
    "bowl": lambda x, y: (x**2 + 25 * y**2) / 2,
    "circle": lambda x, y: (x**2 + y**2) / 2,
    "long_valley": lambda x, y: x**2 / 200 + 2 * y**2,
    "booth": lambda x, y: 5 * x**2 + 5 * y**2 + 8 * x * y - 34 * x - 38 * y + 74,
    "matyas": lambda x, y: 0.02 * (x**2 + y**2) + 0.24 * (x - y) ** 2,
    "saddle": lambda x, y: (x - y) * (x + y),
    "saddle_walls": lambda x, y: x**2 + (y**2 / 2 - 1) ** 2 - 1,
    "monkey_saddle": lambda x, y: ((x + 1j * y) ** 3).real,
    "two_weights": lambda x, y: 1 - 2 * x * y + x**2 * y**2,
    "plateau": lambda x, y: -np.expm1(-(x**2) / 12 - y**2 / 6),
    "cliff": lambda x, y: np.logaddexp(-x, 199 * x) + y**2 / 20,
    "rosenbrock": lambda x, y: 100 * (y - x * x) ** 2 + (x - 1) ** 2,
    "beale": lambda x, y: sum((c - x * (1 - y**i)) ** 2 for i, c in enumerate([1.5, 2.25, 2.625], start=1)),
    "himmelblau": lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    "three_hump_camel": lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
    "six_hump_camel": lambda x, y: 4 * x**2 - 2.1 * x**4 + x**6 / 3 + x * y - 4 * y**2 + 4 * y**4,
    "styblinski_tang": lambda x, y: sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)) / 2,
    "mccormick": lambda x, y: np.sin(x + y) + (x - y) ** 2 - 3 / 2 * x + 5 / 2 * y + 1,
    "branin": lambda x, y: (
        (y - 5.1 / (4 * np.pi**2) * x**2 + 5 / np.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x) + 10
    ),
    "goldstein_price": lambda x, y: (
        (1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2))
        * (30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2))
    ),
    # The smooth minimum as the plain one and what is missing.
    "two_valleys": lambda x, y: (
        y**2 / 2
        + np.minimum(0.1 + 10 * (x + 2) ** 2, 0.5 * (x - 2) ** 2)
        - 0.5 * np.log1p(np.exp(-2 * np.abs(0.1 + 10 * (x + 2) ** 2 - 0.5 * (x - 2) ** 2)))
    ),
    "rastrigin": lambda x, y: 10 * 2 + sum(z**2 - 10 * np.cos(2 * np.pi * z) for z in (x, y)),
    "ackley": lambda x, y: (
        -20 * np.exp(-0.2 * np.sqrt((x**2 + y**2) / 2))
        - np.exp((np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2)
        + 20
        + np.exp(1)
    ),
    "griewank": lambda x, y: (x**2 + y**2) / 4000 - np.cos(x) * np.cos(y / np.sqrt(2)) + 1,
    "levy": lambda x, y: (
        np.sin(np.pi * (x + 3) / 4) ** 2
        + ((x - 1) / 4) ** 2 * (1 + 10 * np.sin(np.pi * (x + 3) / 4 + 1) ** 2)
        + ((y - 1) / 4) ** 2 * (1 + np.sin(2 * np.pi * (y + 3) / 4) ** 2)
    ),
    "schwefel": lambda x, y: 418.982887272433799 * 2 - sum(z * np.sin(np.sqrt(np.abs(z))) for z in (x, y)),
    "easom": lambda x, y: -np.cos(x) * np.cos(y) * np.exp(-((x - np.pi) ** 2 + (y - np.pi) ** 2)),
    "eggholder": lambda x, y: (
        -(y + 47) * np.sin(np.sqrt(np.abs(y + x / 2 + 47))) - x * np.sin(np.sqrt(np.abs(x - (y + 47))))
    ),
    "schaffer_2": lambda x, y: 0.5 + (np.sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2,
    "bukin_6": lambda x, y: 100 * np.sqrt(np.abs(y - 0.01 * x**2)) + 0.01 * np.abs(x + 10),
    "michalewicz": lambda x, y: -sum(np.sin(z) * np.sin(i * z**2 / np.pi) ** 20 for i, z in enumerate([x, y], start=1)),
    "drop_wave": lambda x, y: -(1 + np.cos(12 * np.sqrt(x**2 + y**2))) / (0.5 * (x**2 + y**2) + 2),
    # With the third logit at −1000 both depend on the difference of the other two alone.
    "softmax_cross_entropy": lambda x, y: np.log1p(np.exp(y - x)),
    "softmax_squared_error": lambda x, y: 2 / (1 + np.exp(x - y)) ** 2,
}

# (surface, minimum, its loss, how exact the printed point is, how exact the printed loss is), from the surveys of
# Jamil and Yang (2013) and of Surjanovic and Bingham (2013); the last digit is rounded here and truncated there.
DIGITS = [
    ("booth", (1, 3), 0, 0, 0),
    ("matyas", (0, 0), 0, 0, 0),
    ("rosenbrock", (1, 1), 0, 0, 0),
    ("beale", (3, 0.5), 0, 0, 0),
    ("himmelblau", (3.0, 2.0), 0, 0, 0),
    ("himmelblau", (-2.805118, 3.131312), 0, 1e-6, 1e-10),
    ("himmelblau", (-3.779310, -3.283186), 0, 1e-6, 1e-10),
    ("himmelblau", (3.584428, -1.848126), 0, 1e-6, 1e-10),
    ("three_hump_camel", (0, 0), 0, 0, 0),
    ("six_hump_camel", (0.0898, -0.7126), -1.0316, 1e-4, 1e-4),
    ("six_hump_camel", (-0.0898, 0.7126), -1.0316, 1e-4, 1e-4),
    ("styblinski_tang", (-2.903534, -2.903534), -78.33233, 1e-6, 1e-5),
    ("mccormick", (-0.54719, -1.54719), -1.9132, 1e-5, 1e-4),
    ("branin", (-3.142, 12.275), 0.397887, 1e-3, 1e-6),
    ("branin", (3.142, 2.275), 0.397887, 1e-3, 1e-6),
    ("branin", (9.425, 2.475), 0.397887, 1e-3, 1e-6),
    ("goldstein_price", (0, -1), 3, 0, 0),
    ("rastrigin", (0, 0), 0, 0, 0),
    ("ackley", (0, 0), 0, 0, 1e-14),
    ("griewank", (0, 0), 0, 0, 0),
    ("levy", (1, 1), 0, 0, 1e-30),
    ("schwefel", (420.9687, 420.9687), 0, 1e-4, 1e-9),
    ("easom", (3.14159, 3.14159), -1, 1e-5, 0),
    ("eggholder", (512, 404.2319), -959.6407, 1e-4, 1e-4),
    ("schaffer_2", (0, 0), 0, 0, 0),
    ("bukin_6", (-10, 1), 0, 0, 0),
    ("michalewicz", (2.20, 1.57), -1.8013, 1e-2, 1e-4),
    ("drop_wave", (0, 0), -1, 0, 0),
]

# Points where a rough surface has no gradient or no Hessian, and the subgradient that ours must be there.
KINKS = [
    ("ackley", (0.0, 0.0), (0.0, 0.0)),
    ("bukin_6", (-10.0, 1.0), (0.0, 0.0)),
    ("bukin_6", (-12.5, 1.5625), (-0.01, 0.0)),  # on the parabola only
    ("schwefel", (0.0, 0.0), (0.0, 0.0)),
    ("schwefel", (0.0, 100.0), (0.0, -np.sin(10) - 5 * np.cos(10))),  # on one axis
    # On x − y − 47 = 0 its term is flat, and the other one's slope along x is half of that along y without the sine.
    (
        "eggholder",
        (100.0, 53.0),
        tuple(-100 * np.cos(150**0.5) / (2 * 150**0.5) * np.array([0.5, 1]) + [0, -np.sin(150**0.5)]),
    ),
    ("eggholder", (0.0, -47.0), (0.0, 0.0)),  # where both lines cross
]
