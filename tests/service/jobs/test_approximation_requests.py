"""Requests for approximations in the rows of their jobs: written now, and by earlier releases."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approximation.budget import Budget
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, ComparisonRequest, Measurements
from core.training.config import TrainingConfig
from service.jobs.approximation.request_bytes import request_from_bytes, request_to_bytes
from service.jobs.approximation.spec_json import ApproximationJobSpec
from service.jobs.job_spec import parse_job_spec
from service.jobs.restarts.plan import RestartPlan
from service.jobs.training.config_json import to_text
from service.schemas.approximation.comparison import CompareRequest
from service.schemas.approximation.request import ApproximateRequest
from service.settings import Settings

SPECIFICATION = ApproximationJobSpec.of("approximate", Settings(_env_file=None))
UNLIMITED = Budget(10**9, 10**9, 10**18)
BODIES = [
    {"function": "sin(x)", "interval": [0, 3], "n": 5},
    {"function": "sin(x)", "interval": [0, 3], "tolerance": 0.01, "side": "below"},
    {"function": "1 + x", "grid": [0, 0.5, 1.5], "error": "relative"},
    {"function": "x^2", "interval": [0, 3], "n": 9, "grid": "greedy", "outside": "linear"},
    {"function": "x^2", "interval": [0, 3], "n": 9, "precision": "float32"},
    {"function": "x^2", "interval": [0, 3], "n": 9, "quantize": {"bits": 20}},
    {"function": "x^2", "grid": [0, 1, 2], "values": [0, 1, 3], "prove": False, "curve": 9},
    {"samples": {"x": [0, 1, 2], "y": [0, 1, 0]}},
    {"samples": {"x": [0, 1, 2], "y": [[0, 1], [1, 2], [0, 1]], "weights": [1, 2, 3]}, "n": 2},
]
LATER_KEYS = {"values", "prove", "curve"}
"""Keys that bodies of earlier releases could not have."""
COMPARISONS = [
    {"function": "sin(x)", "interval": [0, 3]},
    {"function": "sin(x)", "interval": [0, 3], "n": [3, 9], "grids": ["chebyshev", "minimal"]},
]


def equal(one, other):
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and np.array_equal(one, other)
    if isinstance(one, Measurements):
        return all(equal(a, vars(other)[name]) for name, a in vars(one).items())
    return one == other and type(one) is type(other)


def same(one, other):
    return all(equal(value, vars(other)[name]) for name, value in vars(one).items())


@pytest.mark.parametrize("body", BODIES)
def test_a_request_is_read_back_from_its_row_and_from_the_row_of_an_earlier_release(body):
    request = ApproximateRequest.model_validate(body).to_core()
    assert same(request, request_from_bytes(request_to_bytes(request), "approximate"))
    if body.keys() & LATER_KEYS:
        return
    assert same(request, request_from_bytes(json.dumps(body).encode(), "approximate"))
    found = request_from_bytes(json.dumps(body).encode(), "approximate").run(UNLIMITED)
    assert np.array_equal(found.values, request.run(UNLIMITED).values)


@pytest.mark.parametrize("body", COMPARISONS)
def test_a_comparison_is_read_back_from_its_row_and_from_the_row_of_an_earlier_release(body):
    request = CompareRequest.model_validate(body).to_core()
    for content in (request_to_bytes(request), json.dumps(body).encode()):
        again = request_from_bytes(content, "compare")
        assert isinstance(again, ComparisonRequest)
        assert (again.function, again.interval) == (request.function, request.interval)
        assert (list(again.n), list(again.grids)) == (list(request.n), list(request.grids))


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=9),
    st.floats(1e-300, 1e300),
)
def test_a_row_holds_every_bit_of_the_request(numbers, tolerance):
    request = ApproximationRequest(
        samples=Measurements(np.array(numbers), np.array(numbers)[::-1]),
        tolerance=tolerance,
        options=DeploymentOptions("linear", "float32"),
    )
    assert same(request, request_from_bytes(request_to_bytes(request), "approximate"))


def test_the_text_of_a_row_is_read_as_the_kind_of_job_that_wrote_it():
    training = TrainingConfig(sizes=(2, 1), activations=("sigmoid",), iterations=7)
    plan = RestartPlan.of(training, 10, 3, 5)
    for written, text in (
        (training, to_text(training)),
        (plan, plan.to_text()),
        (SPECIFICATION, SPECIFICATION.to_text()),
    ):
        assert parse_job_spec(text) == written
