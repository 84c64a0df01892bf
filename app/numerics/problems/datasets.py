"""The rows that losses are made of: scikit-learn's bundled data, and made rows of telling ranges."""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float
from sklearn import datasets

from app.schema.messages import N_

Table = tuple[Float[np.ndarray, "rows features"], Float[np.ndarray, " rows"]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """A table of features and the target that comes with it.

    `features` maps names as links write them to the names of the source; `classes` names the integer targets 0, 1, …
    where the target is a class. `pair` and `positive` are what a page opens with. `load(seed)` returns the table.
    """

    name: str
    title: str
    source: str
    features: Mapping[str, str]
    target: str
    load: Callable[[int], Table]
    pair: tuple[str, str]
    classes: tuple[str, ...] = ()
    positive: str = ""

    def column(self, name: str, seed: int) -> Float[np.ndarray, " rows"]:
        """Return the feature or target called `name`."""
        features, targets = self.load(seed)
        return targets if name == self.target else features[:, list(self.features).index(name)]


def slug(title: str) -> str:
    """Write a column's name for a link: lower case, no unit, `_` for everything but letters and digits."""
    without_unit = re.sub(r"\s*\(.*\)", "", title.lower())
    return re.sub(r"[^a-z0-9]+", "_", without_unit).strip("_")


def held_out(rows: int, share: float, seed: int) -> Bool[np.ndarray, " rows"]:
    """Choose `share` of the rows for testing.

    RandomState's stream is frozen by NumPy's compatibility policy, so a link keeps its rows for good.
    """
    is_test = np.zeros(rows, dtype=bool)
    # One row at least trains.
    is_test[np.random.RandomState(seed).permutation(rows)[: min(round(share * rows), rows - 1)]] = True
    return is_test


def _bundled(
    loader: Callable, *, name: str, title: str, source: str, target: str, pair: tuple[str, str], positive: str = ""
) -> Dataset:
    bunch = loader()
    table = (np.asarray(bunch.data, dtype=np.float64), np.asarray(bunch.target, dtype=np.float64))
    return Dataset(
        name=name,
        title=title,
        source=source,
        features=MappingProxyType({slug(str(feature)): str(feature) for feature in bunch.feature_names}),
        target=target,
        load=lambda _seed: table,
        pair=pair,
        classes=tuple(str(label) for label in bunch.get("target_names", ())),
        positive=positive,
    )


def _made(*, name: str, title: str, range2: tuple[float, float], slope2: float) -> Dataset:
    """200 rows with x₁ from [0, 1], x₂ from `range2`, and y = 3x₁ + slope2·x₂ + noise of deviation 0.1."""

    @functools.lru_cache(maxsize=16)
    def load(seed: int) -> Table:
        random = np.random.RandomState([seed, 1])  # a stream apart from the one that chooses test rows
        features = np.column_stack([random.uniform(0, 1, 200), random.uniform(*range2, 200)])
        return features, features @ np.array([3.0, slope2]) + 0.1 * random.standard_normal(200)

    return Dataset(
        name=name,
        title=title,
        source="Descent Lab",
        features=MappingProxyType({"x1": "x₁", "x2": "x₂"}),
        target="y",
        load=load,
        pair=("x1", "x2"),
    )


_ALL = (
    _bundled(
        datasets.load_wine,
        name="wine",
        title=N_("Wine: 178 wines of three cultivars"),
        source="Forina et al., PARVUS (1988), in the UCI repository: Wine",
        target="class",
        pair=("proanthocyanins", "color_intensity"),
        positive="class_0",
    ),
    _bundled(
        datasets.load_breast_cancer,
        name="breast_cancer",
        title=N_("Breast cancer: 569 cell samples"),
        source="Street, Wolberg and Mangasarian, SPIE 1905 (1993), in the UCI repository: WDBC",
        target="class",
        pair=("mean_radius", "mean_texture"),
        positive="malignant",
    ),
    _bundled(
        functools.partial(datasets.load_diabetes, scaled=False),
        name="diabetes",
        title=N_("Diabetes: 442 patients"),
        source="Efron, Hastie, Johnstone and Tibshirani, Annals of Statistics 32 (2004)",
        target="target",
        pair=("bmi", "bp"),
    ),
    _bundled(
        datasets.load_iris,
        name="iris",
        title=N_("Iris: 150 flowers of three species"),
        source="Fisher, Annals of Eugenics 7 (1936)",
        target="class",
        pair=("sepal_length", "sepal_width"),
        positive="versicolor",
    ),
    _made(name="made_wide", title=N_("Made rows: x₁ in [0, 1], x₂ in [1, 10⁴]"), range2=(1.0, 1e4), slope2=-2e-4),
    _made(name="made_near", title=N_("Made rows: x₁ in [0, 1], x₂ in [1, 2]"), range2=(1.0, 2.0), slope2=-2.0),
)

DATASETS: Mapping[str, Dataset] = MappingProxyType({dataset.name: dataset for dataset in _ALL})
