"""Requests made from the contract alone, right ones and wrong ones: the service keeps its word.

Every check of Schemathesis is on but one, and that for some operations only: JSON Schema cannot say
that rows are equally long, that two layers fit, that a formula has a meaning or that a cursor comes
from a page. So a document that fits the schema may be refused there with 422 all the same.
"""

from copy import deepcopy

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from tests.contract.application import APP

BEYOND_THE_SCHEMA = [
    "POST /forward",
    "POST /backprop",
    "POST /solution",
    "POST /check",
    "POST /exercises",
    "POST /approximate",
    "POST /approximate/compare",
    "POST /train",
    "POST /train/estimate",
    "GET /train",
    "GET /train/{id}/plot",
    "GET /train/{id}/steps/{k}",
    "GET /datasets/{name}",
]
MAY_BE_REFUSED = {"checks": {"positive_data_acceptance": {"enabled": False}}}

CONTRACT = schemathesis.openapi.from_dict(
    deepcopy(APP.openapi()),  # Schemathesis writes into it where it is asked
    config=SchemathesisConfig.from_dict(
        {
            "base-url": "http://localhost",
            "operations": [{"include-name": name} | MAY_BE_REFUSED for name in BEYOND_THE_SCHEMA],
        }
    ),
)
CONTRACT.app = APP
GENERATED = settings(max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))


@CONTRACT.parametrize()
@GENERATED
def test_every_answer_is_a_declared_one(case):
    case.call_and_validate()


class TestLife(CONTRACT.as_state_machine().TestCase):
    """Jobs are made, followed by their links, cancelled and forgotten in any order."""

    settings = settings(GENERATED, max_examples=15, stateful_step_count=8, phases=[Phase.generate])
