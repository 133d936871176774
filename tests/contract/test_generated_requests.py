"""Requests made from the contract alone, right ones and wrong ones: the service keeps its word.

Every check of Schemathesis is on but one, and that for some operations only: JSON Schema cannot say
that rows are equally long, that two layers fit, that a formula has a meaning or that a cursor comes
from a page. So a document that fits the schema may be refused there with 422 all the same.
"""

from copy import deepcopy

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.config import SchemathesisConfig

from tests.contract.application import APP

BEYOND_THE_SCHEMA = [
    "POST /forward",
    "POST /backprop",
    "POST /solution",
    "POST /check",
    "POST /exercises",
    "GET /exercises",
    "POST /approximate",
    "POST /approximate/compare",
    "POST /train",
    "POST /train/estimate",
    "GET /train",
    "POST /train/{id}/cancel",  # with an `If-Match` that is not the ETag: 412
    "DELETE /train/{id}",
    "POST /train/{id}/predict",
    "POST /models/{name}/predict",
    "GET /train/{id}/plot",
    "GET /train/{id}/evaluation",
    "GET /train/{id}/data",
    "GET /train/{id}/steps/{k}",
    "GET /datasets/{id}",
    "GET /datasets",
    "GET /datasets/{id}/rows",
    "POST /models",
    "PUT /models/{name}/aliases/{alias}",
]
MAY_BE_REFUSED = {"checks": {"positive_data_acceptance": {"enabled": False}}}
# Any text may be a CSV: `null` is a table of one missing value.
MAY_BE_TAKEN = {
    "checks": {
        "positive_data_acceptance": {"enabled": False},
        "negative_data_rejection": {"enabled": False},
    }
}
# The inference protocol lets a request have keys that a server does not know.
OF_ANY_BODY = [
    "POST /datasets",
    "POST /v2/models/{name}/infer",
    "POST /v2/models/{name}/versions/{version}/infer",
]


@schemathesis.serializer("application/x-npz")
def _as_it_is(context, value):
    """Bytes of no format: no random file is an archive."""
    return value if isinstance(value, bytes) else str(value).encode()


CONTRACT = schemathesis.openapi.from_dict(
    deepcopy(APP.openapi()),  # Schemathesis writes into it where it is asked
    config=SchemathesisConfig.from_dict(
        {
            "base-url": "http://localhost",
            "operations": [
                *({"include-name": name} | MAY_BE_REFUSED for name in BEYOND_THE_SCHEMA),
                *({"include-name": name} | MAY_BE_TAKEN for name in OF_ANY_BODY),
            ],
        }
    ),
)
CONTRACT.app = APP
# Where a schema has many forms Schemathesis rolls dice of its own, which Hypothesis does not like.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module")
GENERATED = settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))


@CONTRACT.parametrize()
@GENERATED
def test_every_answer_is_a_declared_one(case):
    case.call_and_validate()


class Life(CONTRACT.as_state_machine()):
    """Jobs are made, followed by their links, cancelled and forgotten in any order."""

    def setup(self):
        """Begin without jobs: what is drawn next depends on what was answered."""
        super().setup()
        for job in CONTRACT["/train"]["GET"].Case(query={"limit": 1000}).call().json()["jobs"]:
            CONTRACT["/train/{id}"]["DELETE"].Case(path_parameters={"id": job["id"]}).call()


# One life a seed: of several in one run Hypothesis would want that the same choices meet the same
# answers, and how far a job has come by then depends on timing.
@pytest.mark.parametrize("number", range(8))
def test_whatever_the_order_of_the_requests(number):
    lives = settings(
        GENERATED,
        derandomize=False,
        max_examples=2,
        stateful_step_count=12,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(seed(number)(Life), settings=lives)
