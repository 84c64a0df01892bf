"""What all tests share."""

import pytest
from hypothesis import settings

from tests.chromium import launch_arguments

# On a busy machine the first use of a scaler outlasts hypothesis' 200 ms: speed is measured by `make bench` alone.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium, not a download of Playwright's."""
    return {**browser_type_launch_args, **launch_arguments()}
