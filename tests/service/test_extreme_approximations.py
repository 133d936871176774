"""/approximate at the ends of the floats: the right answer or a refusal, nothing else."""

import json
import math

import pytest
from conversation import conversation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from problem import problem

ENDS = [0.0, 1.0, -1.0, 3.0, 1e-308, -1e-308, 5e-324, 1e-5, 1e15, 1e16, 1e154, -1e154]
ENDS += [1e300, -1e308, 1e308, 1.7976931348623157e308, math.nextafter(1, 2)]
FUNCTIONS = [
    "x", "0*x", "1", "x^2", "exp(x)", "sin(x)", "sqrt(x)", "1/x", "tan(x)", "log(x)", "x^x",
    "floor(x)", "sign(x)", "where(x < 0.3, 0, 1)", "sqrt(x^2 - 0.01)", "sin(x)/x", "abs(x)",
    "1e308*x", "1e-308*x", "x^20", "exp(-x^2)", "where(x == 0, 0, x*sin(1/x))", "1e300*sin(x)",
    "min(x, 1 - x)", "tanh(1e6*x)", "1e-320", "1e308", "x % 1", "cbrt(x)", "acos(x)", "erf(x)",
]  # fmt: skip
GRIDS = ["equidistant", "chebyshev", "curvature", "greedy", "minimal"]
TOLERANCES = [1e-300, 5e-324, 1e-15, 1e-3, 0.1, 1.0, 1e10, 1e300]

ends, functions = st.sampled_from(ENDS), st.sampled_from(FUNCTIONS)
numbers = ends | st.floats(allow_nan=False, allow_infinity=False)
SHORT = [{}, {"precision": "float32"}, {"quantize": {"bits": 4}}, {"quantize": {"bits": 48}}]
options = st.fixed_dictionaries(
    {},
    optional={
        "outside": st.sampled_from(["linear", "clamp"]),
        "error": st.sampled_from(["absolute", "relative"]),
        "side": st.sampled_from(["both", "below", "above"]),
    },
)
sizes = st.one_of(
    st.fixed_dictionaries({"n": st.sampled_from([2, 3, 7, 12]), "grid": st.sampled_from(GRIDS)}),
    st.fixed_dictionaries(
        {"tolerance": st.sampled_from(TOLERANCES), "grid": st.sampled_from(GRIDS)}
    ),
)
FINITE = ("grid", "values", "knots", "lambdas", "spacing", "max_error", "rms_error", "residual")
PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A service whose answers are short: what is refused as too long is refused soon."""
    folder = tmp_path_factory.mktemp("service")
    with conversation(folder, max_points=400, max_operations=1e10) as client:
        yield client


class Share:
    """How many of the questions of a law were answered: a service that refuses all breaks it.

    The example of each law is an easy question, since of the random ones all may be refused.
    """

    def __init__(self):
        self.asked = self.answered = 0

    def require(self):
        assert self.asked >= 10
        assert self.answered >= 1, f"none of {self.asked} answered"


def require_answer_or_refusal(client, path, question, share):
    response = client.post(path, json=question)
    share.asked += 1
    if response.status_code != 200:
        problem(response, 422)
        return None
    share.answered += 1
    return json.loads(response.content, parse_constant=lambda name: pytest.fail(name))


def require_finite(answer):
    for key in FINITE:
        for number in answer[key] if isinstance(answer[key], list) else [answer[key]]:
            assert isinstance(number, int | float), key
            assert math.isfinite(number), key


def test_every_formula_is_approximated_or_refused(client):
    share = Share()

    @settings(PATIENT, max_examples=150)
    @given(
        function=functions,
        interval=st.lists(ends, min_size=2, max_size=2),
        size=sizes,
        option=options,
        short=st.sampled_from(SHORT),
    )
    @example(
        function="sin(x)",
        interval=[0.0, 3.0],
        size={"n": 3, "grid": "equidistant"},
        option={},
        short={},
    )
    def law(function, interval, size, option, short):
        question = {"function": function, "interval": interval} | size | option | short
        answer = require_answer_or_refusal(client, "/approximate", question, share)
        if answer is not None:
            require_finite(answer)
            if "tolerance" in size and answer["error_bound"] is not None:
                assert answer["error_bound"] <= size["tolerance"] * (1 + 1e-12)

    law()
    share.require()


def test_every_table_is_approximated_or_refused(client):
    share = Share()

    @settings(PATIENT, max_examples=120)
    @given(
        rows=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=8),
        pairs=st.booleans(),
        ordered=st.booleans(),
        weights=st.none() | st.lists(numbers, min_size=1, max_size=8),
        size=st.sampled_from([{}, {"n": 2}, {"n": 5}, *({"tolerance": t} for t in TOLERANCES)]),
        outside=st.sampled_from([{}, {"outside": "linear"}]),
        short=st.sampled_from(SHORT),
    )
    @example(
        rows=[(0.0, 1.0, 1.0), (1.0, 3.0, 3.0)],
        pairs=False,
        ordered=True,
        weights=None,
        size={},
        outside={},
        short={},
    )
    def law(rows, pairs, ordered, weights, size, outside, short):
        rows = sorted(rows) if ordered else rows
        samples = {"x": [x for x, *_ in rows], "y": [y for _, y, _ in rows]}
        if pairs:
            samples["y"] = [sorted(ends) for _, *ends in rows]
        if weights:
            samples["weights"] = (weights * len(rows))[: len(rows)]
        question = {"samples": samples} | size | outside | short
        answer = require_answer_or_refusal(client, "/approximate", question, share)
        if answer is not None:
            require_finite(answer)

    law()
    share.require()


def test_every_comparison_is_made_or_refused(client):
    share = Share()

    @settings(PATIENT, max_examples=40)
    @given(
        function=functions,
        interval=st.lists(ends, min_size=2, max_size=2),
        grids=st.lists(st.sampled_from(GRIDS), min_size=1, max_size=2),
    )
    @example(function="sin(x)", interval=[0.0, 3.0], grids=["equidistant"])
    def law(function, interval, grids):
        question = {"function": function, "interval": interval, "grids": grids, "n": [2, 3, 9]}
        answer = require_answer_or_refusal(client, "/approximate/compare", question, share)
        if answer is not None:
            assert all(row["max_error"] >= 0 for row in answer["experiments"])

    law()
    share.require()


def test_every_given_grid_is_used_or_refused(client):
    share = Share()

    @settings(PATIENT, max_examples=60)
    @given(
        grid=st.lists(numbers, min_size=2, max_size=6),
        function=functions,
        option=options,
        short=st.sampled_from(SHORT),
    )
    @example(grid=[0.0, 1.0, 3.0], function="sin(x)", option={}, short={})
    def law(grid, function, option, short):
        question = {"function": function, "grid": sorted(grid)} | option | short
        answer = require_answer_or_refusal(client, "/approximate", question, share)
        if answer is not None:
            require_finite(answer)

    law()
    share.require()
