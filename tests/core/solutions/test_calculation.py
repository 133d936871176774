"""What is worked out by hand is what the core computes, and what is printed fits together."""

import numpy as np
import pytest
import scipy.linalg
from hand_questions import HIDDEN, PAIRS, QUESTIONS, SEEDS, hand_question
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import NotFinite
from core.neural_network import NeuralNetwork
from core.nn.activations import ACTIVATIONS, FORWARD_ONLY
from core.nn.losses import BINARY_CROSS_ENTROPY
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.network import backprop_calculation, forward_calculation
from core.solutions.calculation.relu_system import equidistant_calculation, grid_calculation
from core.solutions.rounding import Rounding, as_floats


def exact(asked, **more):
    calculation = backprop_calculation(asked.layers, asked.x, asked.y, asked.loss, **more)
    worked = work_out(calculation, Rounding())
    return {place: as_floats(numbers) for place, numbers in worked.computed.items()}


@pytest.mark.parametrize(("loss", "last"), PAIRS)
@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(("samples", "reduction"), [(1, "mean"), (3, "mean"), (3, "sum")])
def test_every_quantity_is_the_one_of_backprop(loss, last, hidden, samples, reduction):
    asked = hand_question(7, (3, 4, 2, 3), hidden, last, loss, samples)
    by_hand = exact(asked, reduction=reduction)
    result = asked.network.backprop(asked.x, asked.y, asked.loss, reduction)
    expected = {("loss",): result.loss, ("x_gradient",): result.x_gradient}
    for number, gradient in enumerate(result.gradients):
        expected |= {
            ("layers", number, "s"): result.trace.s[number],
            ("layers", number, "x"): result.trace.x[number + 1],
            ("layers", number, "delta"): result.delta[number],
            ("layers", number, "weights_gradient"): gradient.weights,
            ("layers", number, "biases_gradient"): gradient.biases,
        }
    for place, numbers in expected.items():
        np.testing.assert_allclose(by_hand[place], numbers, rtol=1e-9, atol=1e-13, err_msg=place)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS | FORWARD_ONLY))
def test_at_its_kink_every_activation_has_the_value_of_the_network(activation):
    network = NeuralNetwork.from_parameters(([[1.0], [-1.0]],), ([0.0, 0.0],), (activation,))
    worked = work_out(forward_calculation(network.layers, np.zeros((1, 1))), Rounding())
    by_hand = as_floats(worked.computed["layers", 0, "x"])
    np.testing.assert_allclose(by_hand, network.forward(np.zeros((1, 1))).output, rtol=1e-15)


@settings(deadline=None)
@given(asked=QUESTIONS, eta=st.sampled_from([0.01, 0.1, 0.5]))
def test_the_update_is_one_iteration_of_training(asked, eta):
    asked = hand_question(**asked)
    by_hand = exact(asked, eta=eta)
    trained = asked.network.train(asked.x, asked.y, eta, iterations=1, loss=asked.loss)
    for number, layer in enumerate(trained.layers):
        updated = by_hand["layers", number, "updated_weights"]
        np.testing.assert_allclose(updated, layer.weights, rtol=1e-9, atol=1e-12)
        updated = by_hand["layers", number, "updated_biases"]
        np.testing.assert_allclose(updated, layer.biases, rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(
    asked=QUESTIONS,
    digits=st.integers(2, 6),
    kind=st.sampled_from(["decimals", "significant_digits"]),
)
def test_what_is_carried_on_is_what_is_printed(asked, digits, kind):
    asked = hand_question(**asked)
    rounding = Rounding(digits, kind, "each_step")
    try:
        worked = work_out(
            backprop_calculation(asked.layers, asked.x, asked.y, asked.loss), rounding
        )
    except NotFinite:
        assume(False)
    for quantity in worked.calculation.quantities:
        carried = worked.carried[quantity.place]
        assert (carried == worked.printed[quantity.place]).all()
        half = rounding.half_unit(np.abs(as_floats(worked.computed[quantity.place])))
        error = as_floats(carried) - as_floats(worked.computed[quantity.place])
        assert (np.abs(error) <= half * (1 + 1e-6)).all()


@given(SEEDS)
def test_at_each_step_the_arithmetic_of_the_page_is_right(seed):
    asked = hand_question(seed, (2, 3, 2))
    worked = work_out(
        backprop_calculation(asked.layers, asked.x, asked.y, asked.loss),
        Rounding(3, mode="each_step"),
    )

    def on_page(name, layer=None):
        place = (name,) if layer is None else ("layers", layer, name)
        return as_floats(worked.printed[place])

    # A reader with a pocket calculator finds every number within half a unit of the third decimal.
    half = 0.5e-3 + 1e-9
    x = on_page("x", 0)
    s = x @ on_page("weights", 1).T + on_page("biases", 1)
    assert np.abs(s - on_page("s", 1)).max() <= half
    assert np.abs(1 / (1 + np.exp(-on_page("s", 1))) - on_page("x", 1)).max() <= half
    slope = on_page("slope", 1)
    assert np.abs(on_page("x", 1) * (1 - on_page("x", 1)) - slope).max() <= half
    assert np.abs(on_page("x_gradient", 1) * slope - on_page("delta", 1)).max() <= half
    gradient = on_page("delta", 1).T @ x
    assert np.abs(gradient - on_page("weights_gradient", 1)).max() <= half


def test_rounding_a_probability_to_one_is_refused_with_the_remedy():
    asked = hand_question(1, (1, 1), loss="binary_cross_entropy")
    steep = asked.network.from_parameters([[[9.0]]], [[0.0]])
    calculation = backprop_calculation(
        steep.layers, np.array([[1.0]]), np.array([[0.0]]), BINARY_CROSS_ENTROPY
    )
    with pytest.raises(NotFinite, match="use more digits") as refused:
        work_out(calculation, Rounding(2, mode="each_step"))
    assert refused.value.place == ("loss",)
    assert work_out(calculation, Rounding(2)).printed["loss",].item().is_finite()


@given(
    values=st.lists(st.integers(-30, 30), min_size=2, max_size=12),
    a=st.integers(-30, 30),
    width=st.integers(1, 40),
)
def test_the_lambdas_solve_the_triangular_system(values, a, width):
    f, n = np.array(values) / 10, len(values)
    interval = (a / 10, (a + width) / 10)
    h = (interval[1] - interval[0]) / (n - 1)
    triangle = scipy.linalg.toeplitz(np.arange(1.0, n + 1), np.zeros(n))
    triangle[np.triu_indices(n, 1)] = 0.0
    expected = scipy.linalg.solve_triangular(h * triangle, f, lower=True)
    assert lambdas(equidistant_calculation(interval, f)) == pytest.approx(
        expected, rel=1e-9, abs=1e-9
    )


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=10, unique=True), SEEDS)
def test_on_any_grid_the_network_meets_every_point(points, seed):
    grid = np.sort(np.array(points)) / 10
    f = np.random.default_rng(seed).integers(-30, 30, size=len(grid)) / 10
    calculation = grid_calculation(grid, f)
    knots = np.array([2 * grid[0] - grid[1], *grid[:-1]])
    network = np.maximum(grid[:, None] - knots, 0.0) @ lambdas(calculation)
    np.testing.assert_allclose(network, f, rtol=0, atol=1e-10)


def lambdas(calculation):
    worked = work_out(calculation, Rounding())
    return np.array(
        [
            worked.computed[q.place].item()
            for q in calculation.quantities
            if q.place[0] == "lambdas"
        ],
        dtype=float,
    )
