"""The vendored files are the ones that were built, and no larger than a first visit may cost."""

import gzip
import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VENDOR = ROOT / "static" / "vendor"
MANIFEST = tomllib.loads((VENDOR / "VENDOR.toml").read_text())


def gzipped(*names: str) -> int:
    return sum(len(gzip.compress((VENDOR / name).read_bytes(), 9)) for name in names)


@pytest.mark.parametrize("folder", MANIFEST)
def test_files_have_the_hashes_of_the_manifest(folder: str):
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (VENDOR / folder).iterdir()}
    assert files == MANIFEST[folder]["sha256"]


@pytest.mark.parametrize("folder", MANIFEST)
def test_origin_version_and_license_are_named(folder: str):
    facts = MANIFEST[folder]
    notices = (ROOT / "NOTICES.md").read_text()
    assert "LICENSE" in facts["sha256"]
    assert facts["version"] in notices
    assert facts["license"] in notices
    assert f"static/vendor/{folder}/LICENSE" in notices


def test_every_vendored_folder_is_in_the_manifest():
    assert {path.name for path in VENDOR.iterdir() if path.is_dir()} == set(MANIFEST)


def test_plotly_is_the_version_that_the_python_package_carries():
    """Standalone exports by the Python package then look as the page does."""
    from plotly.offline import get_plotlyjs_version

    assert get_plotlyjs_version() == MANIFEST["plotly"]["version"]


def test_the_first_load_of_plotly_stays_within_its_budget():
    assert gzipped("plotly/plotly.js", "plotly/plotly-shared.js") <= 400_000


def test_the_three_dimensional_part_stays_within_its_budget():
    assert gzipped("plotly/plotly-3d.js") <= 180_000


def test_the_mathematical_font_stays_within_its_budget():
    assert (VENDOR / "fonts/stix-two-math.woff2").stat().st_size <= 200_000
