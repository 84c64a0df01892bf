"""The map in docs/architecture.md is that of the program, and the program obeys its rule of imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
PAGE = (ROOT / "docs" / "architecture.md").read_text()
FREE = {"discovery", "languages", "settings", "version"}
ENDS = {"main", "readiness", "__main__"}  # put everything together, and are imported by nothing else
MODULES = sorted(APP.rglob("*.py"))
FOREIGN = re.compile(r"\b(DESIGN|CURRICULUM|STYLE|PLATFORM|ECOSYSTEM|RELIABILITY|ARCHITECTURE)(\.md\b|'s\b| §)")
TEXTS = ("*.py", "*.js", "*.mjs", "*.css", "*.html", "*.md", "*.toml", "Makefile", "Dockerfile")


def order() -> list[str]:
    """The packages, as the page orders them."""
    line = next(line for line in PAGE.splitlines() if line.startswith("    schema ←"))
    return [name.strip() for name in line.split("←")][:-1]


def part(path: Path) -> str:
    return path.relative_to(APP).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """The parts of the program from which a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.ImportFrom(module="app", names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0) if module.startswith("app."):
                yield module.split(".")[1]
            case ast.Import(names=names):
                yield from (alias.name.split(".")[1] for alias in names if alias.name.startswith("app."))
            case ast.ImportFrom(level=level) if level:
                raise AssertionError(f"{path}: relative import")


def test_the_page_orders_every_package():
    packages = {path.parent.name for path in APP.glob("*/__init__.py")}
    assert set(order()) == packages
    assert {path.stem for path in APP.glob("*.py")} == FREE | ENDS | {"__init__"}


def test_modules_import_from_their_left_only():
    packages = order()
    wrong = []
    for path in MODULES:
        own = part(path)
        if own in ENDS:
            continue
        # The program's own `__init__` sets the process up before anything else is imported.
        last = "runtime" if own == "__init__" else own
        allowed = FREE if own in FREE else FREE | set(packages[: packages.index(last) + 1])
        wrong += [f"{path.relative_to(ROOT)} imports app.{name}" for name in imported(path) if name not in allowed]
    assert wrong == []


def test_numerics_know_of_the_runtime_their_programs_alone():
    for path in MODULES:
        if part(path) == "numerics":
            found = re.findall(r"app\.runtime[.\w]*", path.read_text())
            assert set(found) <= {"app.runtime.programs"}, path


def test_the_page_names_what_is_there():
    tops = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir())
    whole = [name for name in re.findall(r"`([\w/.]+)`", PAGE) if name.startswith(tops)]
    assert len(whole) > 30
    assert [name for name in whole if not (ROOT / name).exists()] == []
    # In a folder's row, other names lie in that folder or beside it.
    for folder, text in re.findall(r"^\| `([\w/]+)/`.* \| (.*) \|$", PAGE, re.MULTILINE):
        for name in re.findall(r"`([\w.]+(?:\.py|/))`", text):
            assert any((place / name).exists() for place in (ROOT / folder, ROOT / folder / "..")), f"{folder}: {name}"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_readers_are_shown_the_way_to_it(name: str):
    assert "(docs/architecture.md)" in (ROOT / name).read_text()


def test_no_text_cites_a_document_that_is_not_here():
    cited = []
    for folder in ("app", "static/js", "static/css", "templates", "tests", "bench", "ci", "docs"):
        for pattern in TEXTS:
            for path in (ROOT / folder).rglob(pattern):
                if path != Path(__file__) and "node_modules" not in path.parts:
                    cited += [f"{path}: {match[0]}" for match in FOREIGN.finditer(path.read_text())]
    assert cited == []


def test_the_readme_names_every_setting():
    named = re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text())
    assert {name.upper() for name in Settings.model_fields} <= set(named)
