"""The rows that losses are made of: scikit-learn's bundled data, and made rows of telling ranges."""

import csv
import functools
import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float

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


def _file(name: str) -> Path:
    """Return a file of scikit-learn's data. Its loaders would import the package: a second, and 80 MB."""
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("scikit-learn is not installed")
    return Path(spec.origin).parent / "datasets" / "data" / name


def _labeled(name: str) -> Table:
    """Read a table whose first line says how long it is, and whose last column is the class."""
    with _file(name).open(encoding="utf-8", newline="") as lines:
        rows = np.array(list(csv.reader(lines))[1:], dtype=np.float64)
    return rows[:, :-1], rows[:, -1]


def _diabetes() -> Table:
    features, targets = (_numbers(f"diabetes_{part}.csv.gz") for part in ("data_raw", "target"))
    return features, targets[:, 0]


def _numbers(name: str) -> Float[np.ndarray, "rows columns"]:
    with gzip.open(_file(name), "rt", encoding="utf-8") as lines:
        return np.array([line.split() for line in lines], dtype=np.float64)


def _bundled(
    read: Callable[[], Table],
    *,
    name: str,
    title: str,
    source: str,
    features: Sequence[str],
    target: str,
    pair: tuple[str, str],
    classes: tuple[str, ...] = (),
    positive: str = "",
) -> Dataset:
    @functools.cache
    def load() -> Table:
        return read()

    return Dataset(
        name=name,
        title=title,
        source=source,
        features=MappingProxyType({slug(feature): feature for feature in features}),
        target=target,
        load=lambda _seed: load(),
        pair=pair,
        classes=classes,
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


_CELL = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)

_ALL = (
    _bundled(
        functools.partial(_labeled, "wine_data.csv"),
        name="wine",
        title=N_("Wine: 178 wines of three cultivars"),
        source="Forina et al., PARVUS (1988), in the UCI repository: Wine",
        features=(
            "alcohol",
            "malic_acid",
            "ash",
            "alcalinity_of_ash",
            "magnesium",
            "total_phenols",
            "flavanoids",
            "nonflavanoid_phenols",
            "proanthocyanins",
            "color_intensity",
            "hue",
            "od280/od315_of_diluted_wines",
            "proline",
        ),
        target="class",
        pair=("proanthocyanins", "color_intensity"),
        classes=("class_0", "class_1", "class_2"),
        positive="class_0",
    ),
    _bundled(
        functools.partial(_labeled, "breast_cancer.csv"),
        name="breast_cancer",
        title=N_("Breast cancer: 569 cell samples"),
        source="Street, Wolberg and Mangasarian, SPIE 1905 (1993), in the UCI repository: WDBC",
        features=(
            *(f"mean {name}" for name in _CELL),
            *(f"{name} error" for name in _CELL),
            *(f"worst {name}" for name in _CELL),
        ),
        target="class",
        pair=("mean_radius", "mean_texture"),
        classes=("malignant", "benign"),
        positive="malignant",
    ),
    _bundled(
        _diabetes,
        name="diabetes",
        title=N_("Diabetes: 442 patients"),
        source="Efron, Hastie, Johnstone and Tibshirani, Annals of Statistics 32 (2004)",
        features=("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"),
        target="target",
        pair=("bmi", "bp"),
    ),
    _bundled(
        functools.partial(_labeled, "iris.csv"),
        name="iris",
        title=N_("Iris: 150 flowers of three species"),
        source="Fisher, Annals of Eugenics 7 (1936)",
        features=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
        target="class",
        pair=("sepal_length", "sepal_width"),
        classes=("setosa", "versicolor", "virginica"),
        positive="versicolor",
    ),
    _made(name="made_wide", title=N_("Made rows: x₁ in [0, 1], x₂ in [1, 10⁴]"), range2=(1.0, 1e4), slope2=-2e-4),
    _made(name="made_near", title=N_("Made rows: x₁ in [0, 1], x₂ in [1, 2]"), range2=(1.0, 2.0), slope2=-2.0),
)

DATASETS: Mapping[str, Dataset] = MappingProxyType({dataset.name: dataset for dataset in _ALL})
