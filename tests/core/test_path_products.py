"""The gradient of a parameter is the sum of its paths' products."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import OutOfDomain
from core.nn.backprop import backprop
from core.nn.initialization import initial_layers
from core.nn.losses import get_loss
from core.nn.path_products import MAX_PATHS, Parameter, path_sum

ELEMENTWISE = ("sigmoid", "tanh", "softplus", "leaky_relu", "identity")


def problem(sizes, activations, seed, loss_name="squared"):
    generator = np.random.default_rng(seed)
    layers = initial_layers(sizes, activations, generator)
    x = generator.normal(size=(1, sizes[0]))
    y = generator.uniform(size=(1, sizes[-1]))
    loss = get_loss(loss_name)
    return layers, y, loss, backprop(layers, x, y, loss)


def parameters(layers):
    for number, layer in enumerate(layers):
        outputs, inputs = layer.weights.shape
        for unit in range(outputs):
            yield from (Parameter(number, unit, below) for below in (None, *range(inputs)))


def entry(result, parameter):
    gradient = result.gradients[parameter.layer]
    if parameter.below is None:
        return gradient.biases[parameter.unit]
    return gradient.weights[parameter.unit, parameter.below]


@given(
    st.lists(st.integers(1, 4), min_size=2, max_size=5),
    st.sampled_from(ELEMENTWISE),
    st.integers(0, 2**32 - 1),
)
def test_the_products_of_all_paths_add_up_to_the_gradient(sizes, activation, seed):
    layers, y, loss, result = problem(sizes, [activation] * (len(sizes) - 1), seed)
    for parameter in parameters(layers):
        found = path_sum(layers, result, y, loss, parameter)
        assert found.start == "x"
        assert found.count == np.prod(sizes[parameter.layer + 2 :], dtype=int)
        assert len(found.paths) == found.count
        scale = sum(abs(path.product) for path in found.paths)
        assert found.total == pytest.approx(entry(result, parameter), rel=1e-12, abs=1e-12 * scale)
        lengths = {len(path.factors) for path in found.paths}
        assert lengths == {2 * (len(layers) - parameter.layer) + 1}


@pytest.mark.parametrize("activations", [["tanh", "softmax"], ["relu", "softmax"]])
def test_where_units_are_coupled_the_factors_begin_with_delta(activations):
    layers, _, loss, _ = problem([2, 3, 3], activations, 4, "cross_entropy")
    y = np.array([[0.0, 1.0, 0.0]])
    result = backprop(layers, np.array([[0.5, -1.0]]), y, loss)
    for parameter in parameters(layers):
        found = path_sum(layers, result, y, loss, parameter)
        assert found.start == "s"
        assert found.total == pytest.approx(entry(result, parameter), rel=1e-12, abs=1e-15)


def test_too_many_paths_are_grouped_by_the_units_of_the_next_layer():
    sizes = [2, 3, 30, 30, 30]
    layers, y, loss, result = problem(sizes, ["tanh"] * 4, 1)
    parameter = Parameter(0, 1, 0)
    found = path_sum(layers, result, y, loss, parameter)
    assert found.count == 27_000 > MAX_PATHS
    assert found.grouped
    assert len(found.paths) == 30
    assert found.total == pytest.approx(entry(result, parameter), rel=1e-12)


def test_what_is_not_listed_is_the_rest():
    layers, y, loss, result = problem([1, 1, 4, 4], ["tanh"] * 3, 2)
    found = path_sum(layers, result, y, loss, Parameter(0, 0, 0))
    listed, rest = found.largest(5)
    assert len(listed) == 5
    smallest = min(abs(path.product) for path in listed)
    others = [path for path in found.paths if path not in listed]
    assert all(abs(path.product) <= smallest for path in others)
    assert sum(path.product for path in listed) + rest == pytest.approx(found.total, rel=1e-12)


@pytest.mark.parametrize(
    ("parameter", "name"),
    [(Parameter(2, 0, 0), "layer"), (Parameter(0, 3, 0), "to"), (Parameter(1, 0, 3), "from")],
)
def test_a_parameter_that_is_not_there_is_refused(parameter, name):
    layers, y, loss, result = problem([2, 3, 1], ["tanh"] * 2, 0)
    with pytest.raises(OutOfDomain) as refused:
        path_sum(layers, result, y, loss, parameter)
    assert refused.value.place == ("trace", name)
