"""A served laboratory, without a network."""

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def client() -> TestClient:
    """The app as a browser meets it; its warm-up thread does not run."""
    return TestClient(create_app(Settings()))
