"""A map on several devices, in a process of its own: how many there are is decided before JAX begins."""

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
import jax
from app.labs.descent import MapQuery
from app.labs.maps.answer import plan
from app.main import create_app
from app.numerics.runs import grid
from app.runtime.programs import Programs
from app.schema.page import read_page
from app.settings import Settings

create_app(Settings())
seen = []
on_devices = grid.on_devices
grid.on_devices = lambda cells: seen.append(on_devices(cells)) or seen[-1]
blocks = plan(read_page(MapQuery, "surface=himmelblau&run=adam&steps=50&cells=64").first, Programs(), str)
found = blocks.compute(blocks.blocks[0], lambda: None)
shards = len(seen[0].start.addressable_shards) if hasattr(seen[0].start, "addressable_shards") else 1
print(json.dumps({"devices": len(jax.devices()), "shards": shards, "gap": found.gap[:200].tolist()}))
"""


def run(devices):
    environment = {**os.environ, "DEVICES": str(devices)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.thorough
def test_a_map_is_shared_among_devices_and_stays_the_same():
    alone, shared = run(1), run(2)
    assert (alone["devices"], alone["shards"]) == (1, 1)
    assert (shared["devices"], shared["shards"]) == (2, 2)
    calm = [pair for pair in zip(alone["gap"], shared["gap"], strict=True) if pair[0] > 1e-3]
    assert len(calm) > 50
    assert sum(a == pytest.approx(b, rel=1e-6) for a, b in calm) > 0.9 * len(calm)  # some paths are chaotic
