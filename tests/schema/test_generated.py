"""No request is our fault: whatever a link says, it is answered or refused with a sentence.

`make thorough` sends 1,500 requests. To send 50,000, which takes hours, a tenth of a second each and more where a
program is compiled: `DESCENT_LAB_REQUESTS=50000 pytest tests/schema/test_generated.py -m thorough`.
"""

import os
from collections import Counter

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.schema.generated import Requests

QUICK, THOROUGH = 40, int(os.environ.get("DESCENT_LAB_REQUESTS", "1500"))


def failures_of(requests, count):
    """Return the requests that end in neither an answer nor a sentence, and how often each status was met."""
    failed, statuses = [], Counter()
    client = TestClient(create_app(Settings()))
    for _ in range(count):
        address = requests.next()
        try:
            response = client.get(address)
        except Exception as error:  # whatever it is, it is what is looked for
            failed.append(f"{address}: {type(error).__name__}: {str(error)[:200]}")
            continue
        statuses[response.status_code] += 1
        if response.status_code == 422 and not response.json()["detail"]:
            failed.append(f"{address}: a refusal without a sentence")
        elif response.status_code not in (200, 422):
            failed.append(f"{address}: {response.status_code}")
    return failed, statuses


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # overflow is data
def test_no_generated_request_fails():
    failed, statuses = failures_of(Requests(1), QUICK)
    assert not failed
    assert min(statuses[200], statuses[422]) > QUICK / 10  # the generator makes links of both sorts


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_request_of_thousands_fails():
    failed, _ = failures_of(Requests(2, entries=True), THOROUGH)
    assert not failed
