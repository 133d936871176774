"""What /forward and /backprop answer is what the core computes, in the rank of the question."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import NeuralNetwork
from core.nn.losses import LOSSES

WIDTHS = st.lists(st.integers(1, 4), min_size=2, max_size=4)
SEEDS = st.integers(0, 2**32 - 1)


def network_of(widths, seed, last="sigmoid"):
    generator = np.random.default_rng(seed)
    names = [*generator.choice(["sigmoid", "tanh", "relu", "softplus"], len(widths) - 2), last]
    return NeuralNetwork.from_sizes(widths, [str(name) for name in names], generator)


def as_json(network):
    return {
        "layers": [
            {
                "weights": layer.weights.tolist(),
                "biases": layer.biases.tolist(),
                "activation": layer.activation.name,
            }
            for layer in network.layers
        ]
    }


def shape(values) -> tuple[int, ...]:
    return np.shape(values)


@given(widths=WIDTHS, seed=SEEDS, samples=st.integers(0, 3))
def test_forward_answers_the_numbers_of_the_core_to_the_last_bit(client, widths, seed, samples):
    network = network_of(widths, seed)
    # No samples in the shape: a single one, without that axis.
    x = np.random.default_rng(seed).normal(size=(samples, widths[0]) if samples else widths[0])
    answer = client.post("/forward", json={"network": as_json(network), "x": x.tolist()}).json()
    trace = network.forward(x)
    rows = slice(None) if samples else 0
    np.testing.assert_array_equal(answer["output"], trace.output[rows])
    for layer, s, activated in zip(answer["layers"], trace.s, trace.x[1:], strict=True):
        np.testing.assert_array_equal(layer["s"], s[rows])
        np.testing.assert_array_equal(layer["x"], activated[rows])


@given(widths=WIDTHS, seed=SEEDS, samples=st.integers(0, 3))
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    ("loss", "last"),
    [("squared", "identity"), ("binary_cross_entropy", "sigmoid"), ("cross_entropy", "softmax")],
)
def test_backprop_has_the_rank_of_the_question_everywhere(
    client, widths, seed, samples, reduction, loss, last
):
    network = network_of(widths, seed, last)
    generator = np.random.default_rng(seed)
    axis = (samples,) if samples else ()
    x, y = generator.normal(size=(*axis, widths[0])), generator.uniform(size=(*axis, widths[-1]))
    question = {"network": as_json(network), "x": x.tolist(), "y": y.tolist()}
    question |= {"loss": loss, "reduction": reduction}
    answer = client.post("/backprop", json=question).json()
    result = network.backprop(x, y, LOSSES[loss], reduction)
    rows = slice(None) if samples else 0
    per_sample = axis if reduction == "none" else ()
    assert shape(answer["loss"]) == per_sample
    assert shape(answer["output"]) == (*axis, widths[-1])
    np.testing.assert_array_equal(answer["x_gradient"], result.x_gradient[rows])
    for layer, d_in, d_out, delta, gradient in zip(
        answer["layers"], widths, widths[1:], result.delta, result.gradients, strict=False
    ):
        assert shape(layer["s"]) == shape(layer["x"]) == (*axis, d_out)
        assert shape(layer["weights_gradient"]) == (*per_sample, d_out, d_in)
        assert shape(layer["biases_gradient"]) == (*per_sample, d_out)
        np.testing.assert_array_equal(layer["delta"], delta[rows])
        of_question = 0 if reduction == "none" and not samples else slice(None)
        np.testing.assert_array_equal(layer["weights_gradient"], gradient.weights[of_question])


def reduced(client, sheet, reduction):
    question = sheet | {"x": [[1, 2], [0, -1], [3, 3]], "y": [[0, 1], [1, 1], [0.5, 0]]}
    return client.post("/backprop", json=question | {"reduction": reduction}).json()


def test_the_sum_is_the_mean_times_the_samples_and_the_sum_of_each(client, sheet):
    mean, total, each = (reduced(client, sheet, name) for name in ("mean", "sum", "none"))
    assert total["loss"] == pytest.approx(3 * mean["loss"])
    assert total["loss"] == pytest.approx(sum(each["loss"]))
    for of_mean, of_sum, of_each in zip(
        mean["layers"], total["layers"], each["layers"], strict=True
    ):
        for gradient in ("weights_gradient", "biases_gradient"):
            np.testing.assert_allclose(of_sum[gradient], 3 * np.array(of_mean[gradient]))
            np.testing.assert_allclose(of_sum[gradient], np.sum(of_each[gradient], axis=0))
        np.testing.assert_array_equal(of_sum["delta"], of_mean["delta"])  # never averaged
        np.testing.assert_array_equal(of_sum["delta"], of_each["delta"])


def test_without_intermediates_the_output_stays_the_same(client, sheet):
    whole = client.post("/forward", json=sheet).json()
    short = client.post("/forward", json=sheet | {"intermediates": False}).json()
    assert short == {"output": whole["output"], "layers": None}


def test_single_precision_rounds_every_number_to_it(client, sheet):
    answer = client.post("/forward", json=sheet | {"precision": "float32"}).json()
    double = client.post("/forward", json=sheet).json()
    output = np.array(answer["output"])
    assert (output != double["output"]).any()
    # Each of some ten roundings is at most half a unit in the last of 24 bits.
    np.testing.assert_allclose(output, double["output"], rtol=10 * 2.0**-24)
    np.testing.assert_array_equal(output.astype(np.float32), np.float32(answer["output"]))


def test_a_wrong_gradient_would_be_found_and_a_kink_is_named(client):
    # s = 1·1 - 1 = 0 lies on the kink of relu: there is no derivative to compare with.
    unit = {"weights": [[1.0]], "biases": [-1.0], "activation": "relu"}
    question = {"network": {"layers": [unit]}, "x": [1.0], "y": [1.0], "gradient_check": True}
    check = client.post("/backprop", json=question).json()["gradient_check"]
    assert check["kinks"] == [{"layer": 0, "unit": 0, "sample": 0}]
    assert check["parameter"] in ("weights", "biases")
    assert check["compared"] == 0
    off = client.post("/backprop", json=question | {"x": [3.0]}).json()["gradient_check"]
    assert (off["kinks"], off["compared"]) == ([], 2)
    assert off["max_relative_error"] < 1e-6


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus", "identity"])
def test_smooth_activations_are_checked_by_complex_steps(client, activation):
    unit = {"weights": [[0.3, -0.2]], "biases": [0.1], "activation": activation}
    question = {"network": {"layers": [unit]}, "x": [[1, 2], [3, 4]], "y": [[0], [1]]}
    check = client.post("/backprop", json=question | {"gradient_check": True}).json()
    assert "complex" in check["gradient_check"]["method"]
    assert check["gradient_check"]["max_relative_error"] < 1e-12
