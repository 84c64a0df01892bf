"""How the records of a package are found."""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from app.discovery import records_in, registry


@dataclass(frozen=True)
class Tree:
    """What is looked for here."""

    name: str


@pytest.fixture
def forest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package of three modules; one imports a record of another one."""
    package = tmp_path / "forest"
    package.mkdir()
    tree = "from tests.test_discovery import Tree\n"
    (package / "__init__.py").write_text("")
    (package / "broad.py").write_text(f"{tree}oak = Tree('oak')\nbeech = Tree('beech')\n")
    (package / "mixed.py").write_text("from forest.broad import oak\nfrom forest.pines import fir\n")
    (package / "pines.py").write_text(f"{tree}pine = Tree('pine')\nfir = Tree('fir')\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("forest")
    for name in [name for name in sys.modules if name.partition(".")[0] == "forest"]:
        del sys.modules[name]


def test_records_come_once_module_by_module_and_from_top_to_bottom(forest):
    assert [each.name for each in records_in(forest, Tree)] == ["oak", "beech", "fir", "pine"]


def test_named_modules_come_first(forest):
    assert list(registry(forest, Tree, order=("pines",))) == ["pine", "fir", "oak", "beech"]


def test_a_module_that_is_named_must_exist(forest):
    with pytest.raises(ModuleNotFoundError, match=r"forest\.palms"):
        registry(forest, Tree, order=("palms",))


def test_two_records_of_one_name_are_refused(forest):
    forest.__path__.append(str(Path(forest.__path__[0]) / "more"))
    more = Path(forest.__path__[1])
    more.mkdir()
    (more / "copies.py").write_text("from tests.test_discovery import Tree\nother = Tree('oak')\n")
    importlib.invalidate_caches()
    with pytest.raises(ValueError, match="forest declares oak twice"):
        registry(forest, Tree, order=())
