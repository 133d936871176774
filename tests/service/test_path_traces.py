"""`trace` of POST /backprop: the chain rule of one weight, factor by factor."""

import pytest
from problem import problem

TRACE = {"layer": 1, "to": 1, "from": 1}


@pytest.fixture(scope="module")
def traced(client, sheet):
    return client.post("/backprop", json=sheet | {"y": [0, 1], "trace": TRACE}).json()


def test_the_weight_of_the_sheet_has_two_paths_of_five_factors(traced):
    trace = traced["trace"]
    assert [path["units"] for path in trace["paths"]] == [[1, 1], [1, 2]]
    assert (trace["count"], trace["rest"], trace["start"], trace["grouped"]) == (2, 0, "x", False)
    x, w = traced["layers"][0]["x"][0], [0.4, 0.1]
    for k, path in enumerate(trace["paths"]):
        output = traced["output"][k]
        wanted = [output - [0, 1][k], output * (1 - output), w[k], x * (1 - x), 1]
        assert path["factors"] == pytest.approx(wanted, rel=1e-12)
    entry = traced["layers"][0]["weights_gradient"][0][0]
    assert trace["sum"] == pytest.approx(entry, rel=1e-12)


def test_the_paths_of_a_bias_end_in_a_one(client, sheet):
    question = sheet | {"y": [0, 1], "trace": {"layer": 2, "to": 2, "from": None}}
    answer = client.post("/backprop", json=question).json()
    (path,) = answer["trace"]["paths"]
    assert path["factors"][-1] == 1
    gradient = answer["layers"][1]["biases_gradient"][1]
    assert path["product"] == pytest.approx(gradient, rel=1e-12)


def test_without_the_question_there_is_no_trace(client, sheet):
    assert client.post("/backprop", json=sheet | {"y": [0, 1]}).json()["trace"] is None


@pytest.mark.parametrize(
    ("trace", "pointer"),
    [
        (TRACE | {"layer": 3}, "/trace/layer"),
        (TRACE | {"to": 4}, "/trace/to"),
        (TRACE | {"from": 3}, "/trace/from"),
        (TRACE | {"to": 0}, "/trace/to"),
        (TRACE | {"at_most": 0}, "/trace/at_most"),
    ],
)
def test_a_parameter_that_is_not_there_is_pointed_at(client, sheet, trace, pointer):
    refused = problem(client.post("/backprop", json=sheet | {"y": [0, 1], "trace": trace}), 422)
    assert [error["pointer"] for error in refused["errors"]] == [pointer]


def test_the_paths_of_several_samples_are_refused(client, sheet):
    question = {**sheet, "x": [[1, 2], [3, 4]], "y": [[0, 1], [1, 0]], "trace": TRACE}
    refused = problem(client.post("/backprop", json=question), 422)
    assert [error["pointer"] for error in refused["errors"]] == ["/trace"]
