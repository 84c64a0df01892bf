"""How long a start takes, and that memory stays where it is after the warm-up, whatever visitors ask for."""

import tempfile
from concurrent.futures import ThreadPoolExecutor

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.problems.surfaces import SURFACES
from bench.process import Started, started
from bench.record import Row, row
from bench.server import text_of

MAPS, SURVEYS, PAIRS = 500, 2000, 300


def maps() -> list[str]:
    """Return links to different maps, of many shapes: whole numbers on a side, several surfaces and lengths."""
    surfaces = ("bowl", "himmelblau", "beale", "rosenbrock", "booth")
    return [
        f"/api/map?surface={surfaces[n % 5]}&map=stability,x:schedule.warmup,y:learning_rate"
        f"&map_view=0,{2 + n // 5 % 60},0.001,0.01&cells=64&steps={(100, 500)[n // 5 % 2] + n}"
        for n in range(MAPS)
    ]


def surveys() -> list[str]:
    """Return links to the critical points of different views."""
    return [f"/api/critical?surface=rastrigin&view=-5,{5 + n * 1e-3:.3f},-5,5" for n in range(SURVEYS)]


def pairs() -> list[str]:
    """Return links to races of different pairs of surface and optimizer."""
    found = [(surface, optimizer) for optimizer in OPTIMIZERS for surface in SURFACES]
    every = len(found) // PAIRS
    return [f"/api/descent?surface={surface}&run={optimizer}" for surface, optimizer in found[::every][:PAIRS]]


def ask(server: Started, targets: list[str]) -> None:
    """Ask for all of them, four at a time."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda target: text_of(server.address + target), targets))


def measure() -> list[Row]:
    """Start twice with the same folder of compiled programs; load the second process."""
    with tempfile.TemporaryDirectory() as folder:
        with started(compilation_cache=folder) as first:
            first.wait_until_warm()
            first_memory = first.resident_mb()
        with started(compilation_cache=folder) as second:
            second.wait_until_warm()
            rows = [
                row("start: port open", second.open_s, "{:.1f} s", most=2.5),
                row("… first start: all presets ready", first.ready_s, "{:.1f} s"),
                row("… second start: all presets ready", second.ready_s, "{:.1f} s", most=8),
                row("resident memory after the warm-up, first start", first_memory, "{:.0f} MB", most=500),
                row("… second start", second.resident_mb(), "{:.0f} MB", most=500),
            ]
            for name, targets in (
                (f"{MAPS} maps", maps()),
                (f"{SURVEYS} surveys", surveys()),
                (f"{PAIRS} pairs", pairs()),
            ):
                ask(second, targets)
                rows.append(row(f"… after {name}", second.resident_mb(), "{:.0f} MB", most=500))
            rows.append(row("… memory maps then (65,530 end a process)", second.memory_maps(), "{:.0f}", most=10_000))
    return rows
