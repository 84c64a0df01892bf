"""`python -m app` as it is started: several processes on one port."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="children are looked up as Linux lists them")
def test_workers_are_processes_that_answer_on_one_port(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"PORT": str(port), "WORKERS": "2", "COMPILATION_CACHE": str(tmp_path / "cache")}
    with subprocess.Popen([sys.executable, "-m", "app"], env=os.environ | settings) as process:
        try:
            assert json.loads(_healthy(port))["status"] == "ok"
            listed = subprocess.run(
                ["pgrep", "-P", str(process.pid), "-f", "spawn_main"], capture_output=True, check=True
            )
            assert len(listed.stdout.split()) == 2
        finally:
            process.terminate()


def _healthy(port):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                return answer.read()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError
