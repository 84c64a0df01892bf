"""`--every-module` fails if some module of the program has functions, and no test has run into any of them.

`make check` asks for it: what takes long is sampled there, but nothing may be left out. Coverage counts lines; a module
counts as tested when a line inside one of its functions was run while a test ran.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
# Processes of their own run these; tests look at what comes out of them.
ELSEWHERE = {"app/__main__.py"}

_coverage = pytest.StashKey[Coverage]()
_reached = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-module", action="store_true", help="fail if a module of app/ is not run by any test")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--every-module"):
        return
    config.stash[_reached] = set()
    if not _has_workers(config):
        coverage = Coverage(data_file=None, include=[f"{APP}/*"], config_file=False)
        coverage.start()
        config.stash[_coverage] = coverage


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Take what a worker has reached."""
    node.config.stash.get(_reached, set()).update(getattr(node, "workeroutput", {}).get("reached", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if _reached not in config.stash:
        return
    if coverage := config.stash.get(_coverage, None):
        coverage.stop()
        config.stash[_reached] = set(reached_by(coverage))
    if hasattr(config, "workeroutput"):
        config.workeroutput["reached"] = sorted(config.stash[_reached])  # pyright: ignore[reportAttributeAccessIssue], xdist's
    elif missing(config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _reached in config.stash and (names := missing(config)):
        terminalreporter.write_line(f"no test runs into {', '.join(names)}", red=True)


def missing(config: pytest.Config) -> list[str]:
    """Return the modules that no test has run into."""
    names = {str(path.relative_to(ROOT)) for path in APP.rglob("*.py") if body_lines(path)}
    return sorted(names - config.stash[_reached] - ELSEWHERE)


def reached_by(coverage: Coverage) -> Iterator[str]:
    """Yield the files, relative to the root, of which a line inside a function has run."""
    data = coverage.get_data()
    for name in data.measured_files():
        if body_lines(Path(name)) & set(data.lines(name) or ()):
            yield str(Path(name).relative_to(ROOT))


def body_lines(path: Path) -> set[int]:
    """Return the first line of each statement inside the functions of a module."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    statements = (node for function in functions for part in function.body for node in ast.walk(part))
    return {
        node.lineno
        for node in statements
        if isinstance(node, ast.stmt) and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    }


def _has_workers(config: pytest.Config) -> bool:
    """Whether other processes run the tests of this one."""
    return bool(config.getoption("numprocesses", None)) and not hasattr(config, "workeroutput")
