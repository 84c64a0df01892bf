"""The container image serves the laboratory offline, read-only and not as root. `make image-test` builds it first."""

import base64
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
IMAGE = "localhost/descent-lab:ci"
QUERY = "surface=rosenbrock&run=adam,learning_rate:0.05&run=gd,learning_rate:0.001&start=-1,1&steps=100&dtype=f8"
LOCKED_DOWN = ("--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=all", "--security-opt=no-new-privileges")
LIMITS = ("--memory=1g", "--pids-limit=256")
FETCH = """
import json, sys, urllib.request
with urllib.request.urlopen("http://127.0.0.1:8000" + sys.argv[1]) as answer:
    print(answer.status, answer.headers.get_content_type(), answer.read().decode(), sep="\\n")
"""

pytestmark = pytest.mark.image


def uses_stand_in() -> bool:
    """The same question as in ci/image.sh."""
    release = Path("/etc/os-release")
    is_debian = release.exists() and "\nID=debian" in "\n" + release.read_text()
    return is_debian and os.geteuid() == 0 and not os.environ.get("PYTHON_IMAGE")


def podman(*arguments: str) -> str:
    """What the command prints; its own complaint if it fails."""
    settings = {"CONTAINERS_CONF": str(ROOT / "ci" / "containers.conf")} if uses_stand_in() else {}
    done = subprocess.run(
        ["podman", *arguments], env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    """A healthy container's id."""
    identifier = podman("run", "--detach", *LOCKED_DOWN, *LIMITS, IMAGE)
    try:
        started = time.monotonic()
        while not is_healthy(identifier):
            assert time.monotonic() - started < 60, podman("logs", identifier)
            time.sleep(0.2)
        yield identifier
    finally:
        podman("rm", "--force", "--time=0", identifier)


def is_healthy(identifier: str) -> bool:
    try:
        podman("healthcheck", "run", identifier)
    except AssertionError:
        return False
    return True


def fetch(container: str, path: str) -> tuple[int, str, str]:
    """Status, content type and body, asked from inside: the container has no network."""
    status, kind, body = podman("exec", container, "python", "-c", FETCH, path).split("\n", 2)
    return int(status), kind, body


def numbers(array: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"])


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/healthz", None),
        ("/", "text/html"),
        ("/docs", "text/html"),
        (f"/api/descent?{QUERY}", "application/json"),
    ],
)
def test_the_laboratory_answers_without_a_network(container: str, path: str, kind: str | None):
    status, answered_kind, body = fetch(container, path)
    assert status == 200
    assert answered_kind == kind or kind is None
    assert body


def test_every_file_that_the_page_names_is_there(container: str):
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', fetch(container, "/")[2])
    assert files
    assert {fetch(container, file)[0] for file in files if not file.endswith((".woff2", ".png"))} == {200}


def test_its_python_computes_the_same_paths_as_ours(container: str):
    """The image has another Python and another JAX than the oldest that we support."""
    from fastapi.testclient import TestClient

    from app.main import create_app

    theirs = json.loads(fetch(container, f"/api/descent?{QUERY}")[2])
    with TestClient(create_app()) as client:
        ours = client.get(f"/api/descent?{QUERY}").json()
    assert len(ours["runs"]) == len(theirs["runs"]) == 2
    for our, their in zip(ours["runs"], theirs["runs"], strict=True):
        np.testing.assert_allclose(numbers(their["params"]), numbers(our["params"]), rtol=1e-9)
        np.testing.assert_allclose(numbers(their["loss"]), numbers(our["loss"]), rtol=1e-9, atol=1e-12)


def test_it_is_not_root_and_writes_nothing(container: str):
    assert podman("exec", container, "python", "-c", "import os; print(os.getuid())") == "10001"
    assert podman("diff", container).splitlines() in ([], ["C /tmp"], ["C /etc"])


def test_it_holds_neither_installer_nor_compiler(container: str):
    """Of what we add; the base image has its own pip, under another path."""
    found = podman("exec", container, "sh", "-c", "ls /opt/venv/bin; command -v gcc cc || true").split()
    assert {"gcc", "cc", "pip", "pip3"}.isdisjoint(found)


def test_stopping_it_ends_the_server_in_order():
    identifier = podman("run", "--detach", *LOCKED_DOWN, *LIMITS, IMAGE)
    try:
        deadline = time.monotonic() + 60
        while not is_healthy(identifier) and time.monotonic() < deadline:
            time.sleep(0.2)
        asked = time.monotonic()
        podman("stop", "--time=20", identifier)
        assert time.monotonic() - asked < 10
        assert podman("inspect", "--format={{.State.ExitCode}}", identifier) == "0", podman("logs", identifier)
    finally:
        podman("rm", "--force", identifier)
