"""Where the machine's Chromium is, and how the tests start it."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")

# Chromium's own calls home would fail in a closed network, and show up as requests to other hosts.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find() -> str | None:
    """The path in CHROMIUM, or else the first browser found."""
    if path := os.environ.get("CHROMIUM"):
        return path
    found = [shutil.which(name) for name in NAMES]
    found += [str(path) for app in MACOS if (path := Path("/Applications", app)).exists()]
    return next(filter(None, found), None)


def launch_arguments() -> dict[str, object]:
    """For Playwright's `launch`; root cannot use Chromium's sandbox."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": find(), "args": [*FLAGS, *(["--no-sandbox"] if as_root else [])]}
