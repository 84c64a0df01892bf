"""What all tests share."""

import zlib
from collections import defaultdict

import pytest
from hypothesis import settings

from tests.chromium import launch_arguments

pytest_plugins = ["tests.every_module"]

# On a busy machine the first use of a scaler outlasts hypothesis' 200 ms: speed is measured by `make bench` alone.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave a few cases of each sampled test to `make check`; the others are thorough.

    Which ones depends on the test's name alone: they are the same every time, and differ from test to test, so that
    all tests together walk much of a registry.
    """
    cases: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sampled") and not item.get_closest_marker("thorough"):
            cases[str(item.path), getattr(item, "originalname", item.name)].append(item)
    for (_path, name), same in cases.items():
        mark = same[0].get_closest_marker("sampled")
        count = mark.args[0] if mark and mark.args else 1
        first = zlib.crc32(name.encode())
        kept = {(first + k * len(same) // count) % len(same) for k in range(count)}
        for place, item in enumerate(same):
            if place not in kept:
                item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium, not a download of Playwright's."""
    return {**browser_type_launch_args, **launch_arguments()}
