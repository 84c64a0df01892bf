"""What a start must not wait for."""

import subprocess
import sys

SLOW = ("sklearn", "scipy.stats", "scipy.ndimage", "scipy.spatial", "plotly", "optax")
START = """
import sys
from app.main import create_app

create_app()
print(*sys.modules)
"""


def test_a_start_imports_no_library_that_only_some_answers_need():
    # scikit-learn and the parts of SciPy that it imports took a third of the time until the port was open.
    run = subprocess.run([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True, check=True)
    imported = run.stdout.split()
    assert "app.numerics.problems.scalers" in imported
    assert not [name for name in imported if name in SLOW]
