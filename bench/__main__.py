"""`python -m bench [section …] [--write]`: measure, print the table, and with --write put it into the README."""

import argparse
import importlib
import re
from pathlib import Path

from bench.record import Row, machine, table

SECTIONS = ("numerics", "requests", "first_use", "critical", "batches", "maps", "memory", "workers", "page", "drag")
README = Path(__file__).parents[1] / "README.md"
MARKED = re.compile(r"(<!-- bench -->).*?(<!-- /bench -->)", re.DOTALL)


def main() -> None:
    """Run the sections that are asked for, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], metavar="section", help=", ".join(SECTIONS))
    parser.add_argument("--write", action="store_true", help="put the table into README.md; for all sections only")
    arguments = parser.parse_args()
    if arguments.write and arguments.sections:
        parser.error("--write takes the whole table: leave the sections out")
    rows: list[Row] = []
    for section in arguments.sections or SECTIONS:
        rows += importlib.import_module(f"bench.{section}").measure()
    text = f"{table(rows)}\n\nMedians of one run of `make bench` on {machine()}."
    print(text)
    if arguments.write:
        README.write_text(MARKED.sub(lambda found: f"{found[1]}\n\n{text}\n\n{found[2]}", README.read_text()))


if __name__ == "__main__":
    main()
