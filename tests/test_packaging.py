"""The locks hold what is declared, name no package index, and every dependency has its reason on record."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN = PROJECT["project"]["dependencies"]
DEV = [entry for entry in PROJECT["dependency-groups"]["dev"] if isinstance(entry, str)]
BUILD = PROJECT["dependency-groups"]["build"]
LOCKS = {"run": RUN, "dev": RUN + DEV + BUILD, "build": BUILD}
NODE_LOCKS = ["package-lock.json", "ci/vendor/package-lock.json"]


def name(requirement: str) -> str:
    return re.split(r"[^a-z0-9-]", requirement)[0]


def pins(lock: str) -> dict[tuple[str, str], list[str]]:
    """The hashes of each (requirement, marker) in a lock file."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = {}
    for line in lines:
        requirement, *hashes = line.split("--hash=")
        pin, _, marker = requirement.partition(";")
        found[pin.strip(), marker.strip()] = [entry.strip() for entry in hashes]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_declared_dependency_is_locked_with_hashes(lock: str):
    locked = pins(lock)
    assert {name(entry) for entry in LOCKS[lock]} <= {name(pin) for pin, _ in locked}
    assert all("==" in pin for pin, _ in locked)
    assert all(hashes and all(entry.startswith("sha256:") for entry in hashes) for hashes in locked.values())


@pytest.mark.parametrize("lock", ["run", "build"])
def test_locks_agree_with_each_other(lock: str):
    """What the checks ran with is what visitors get."""
    assert {pin for pin, _ in pins(lock)} <= {pin for pin, _ in pins("dev")}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_python_lock_names_no_index(lock: str):
    assert not re.search(r"://|--(extra-)?index|--find-links", (ROOT / "requirements" / f"{lock}.txt").read_text())


@pytest.mark.parametrize("lock", NODE_LOCKS)
def test_a_node_lock_names_no_registry(lock: str):
    packages = json.loads((ROOT / lock).read_text())["packages"]
    assert not [path for path, facts in packages.items() if "resolved" in facts]
    assert not [path for path, facts in packages.items() if path and "integrity" not in facts]


@pytest.mark.parametrize("dependency", sorted({name(entry) for entry in RUN + DEV + BUILD}))
def test_every_dependency_has_its_reason_on_record(dependency: str):
    assert f"`{dependency}`" in (ROOT / "docs" / "decisions.md").read_text()
