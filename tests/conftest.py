"""What all tests share."""

import pytest

from tests.chromium import launch_arguments


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The machine's own Chromium, not a download of Playwright's."""
    return {**browser_type_launch_args, **launch_arguments()}
