"""Each warning where it applies, with its numbers, and not a little before."""

from dataclasses import replace

import numpy as np
import pytest

from core.nn.activations import get_activation
from core.nn.layer import Layer
from core.training.checkpoint import first_checkpoint
from core.training.config import TrainingConfig
from core.training.diagnosis import FinishedTraining, diagnose
from core.training.optimizers import GradientDescent

X = np.array([[-1.0, 2.0], [0.5, -1.0], [1.5, 0.5], [-0.5, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [3.0]])
CLASSES = np.array([[0.0], [1.0], [1.0], [1.0]])


def layer(weights, biases, activation):
    return Layer(np.array(weights), np.array(biases), get_activation(activation))


SMOOTH = (layer([[0.5, -0.5]], [0.1], "tanh"), layer([[0.2]], [0.3], "identity"))


def warnings(layers=SMOOTH, loss=0.5, x=X, y=Y, accuracy=None, **changes):
    """The details by name; `changes` are of the configuration or of the checkpoint."""
    config = TrainingConfig(
        sizes=(layers[0].d_in, *(one.d_out for one in layers)),
        activations=tuple(one.activation.name for one in layers),
        optimizer=GradientDescent(eta=0.25),
        iterations=100,
    )
    own = {name: value for name, value in changes.items() if hasattr(config, name)}
    config = replace(config, **own)
    start = first_checkpoint(config, layers)
    rest = {"iteration": 100, "initial_loss": 1.0} | changes
    kept = {name: value for name, value in rest.items() if name not in own}
    training = FinishedTraining(config, x, y, replace(start, **kept), loss, accuracy)
    return {one.name: one.detail for one in diagnose(training)}


def test_a_training_that_went_well_has_none():
    assert warnings() == {}


def test_a_loss_above_that_of_the_start():
    detail = warnings(loss=1.25)["loss_above_start"]
    assert "1.25" in detail
    assert "above the 1 of iteration 0" in detail
    assert "below 0.25" in detail
    assert "loss_above_start" not in warnings(loss=1.0)
    assert "loss_above_start" not in warnings(loss=9.0, initial_loss=None)


def test_a_prediction_no_better_than_the_mean():
    # Half the variance of 0, 1, 1, 3.
    baseline = 0.5 * np.var([0.0, 1.0, 1.0, 3.0])
    assert "has 0.5938" in warnings(loss=0.9995 * baseline)["constant_prediction"]
    assert "constant_prediction" not in warnings(loss=0.9985 * baseline)
    assert "constant_prediction" not in warnings(loss=1.0, y=np.ones((4, 1)))


def test_a_prediction_no_better_than_the_shares_of_the_classes():
    one_unit = (layer([[0.2, 0.1]], [0.3], "sigmoid"),)
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    question = {"layers": one_unit, "y": CLASSES, "loss": "binary_cross_entropy"}
    config = TrainingConfig((2, 1), ("sigmoid",), "binary_cross_entropy", iterations=100)
    for value, expected in ((0.9995 * entropy, True), (0.9985 * entropy, False)):
        start = replace(first_checkpoint(config, one_unit), iteration=100, initial_loss=1.0)
        training = FinishedTraining(config, X, question["y"], start, value, None)
        names = {one.name for one in diagnose(training)}
        assert ("constant_prediction" in names) is expected


def test_an_accuracy_no_better_than_the_largest_class():
    one_unit = (layer([[0.2, 0.1]], [0.3], "sigmoid"),)
    detail = warnings(one_unit, y=CLASSES, accuracy=0.75, loss=0.01)["majority_class"]
    assert "accuracy is 0.75" in detail
    assert "has 0.75" in detail
    assert "majority_class" not in warnings(one_unit, y=CLASSES, accuracy=0.76, loss=0.01)
    assert "majority_class" not in warnings(one_unit, y=CLASSES, loss=0.01)
    assert "majority_class" not in warnings(one_unit, y=np.ones((4, 1)), accuracy=1.0, loss=0.01)


def test_relus_that_are_zero_for_every_sample_are_counted():
    # The first is never above 0, the second is for one sample, the third for all.
    hidden = layer([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]], [-1.0, -1.0, 1.0], "relu")
    last = layer([[1.0, 1.0, 1.0]], [0.0], "identity")
    assert "1 of 3 in layer 1;" in warnings((hidden, last))["dead_relus"]
    between = layer([[1.0, 1.0, 1.0]], [0.0], "tanh")
    assert "1 of 3 in layer 1;" in warnings((hidden, between, SMOOTH[1]))["dead_relus"]
    lively = replace(hidden, biases=np.array([0.1, -1.0, 1.0]))
    assert "dead_relus" not in warnings((lively, last))
    assert "dead_relus" not in warnings((replace(hidden, activation=get_activation("tanh")), last))


def test_inputs_of_very_different_sizes_are_named():
    x = np.column_stack([X, 1e4 * X[:, 0], np.ones(4)])
    wide = (layer([[0.1] * 4], [0.0], "tanh"), SMOOTH[1])
    detail = warnings(wide, x=x)["input_scales"]
    assert "input x3 is 9.6e+03" in detail
    assert "that of x1, x2:" in detail  # the last does not vary
    many = np.column_stack([1e4 * X[:, 0], *[X[:, 0]] * 7])
    detail = warnings((layer([[0.1] * 8], [0.0], "tanh"), SMOOTH[1]), x=many)["input_scales"]
    assert "x2, x3, x4, x5, x6 and 2 more" in detail
    assert "input_scales" not in warnings(wide, x=np.column_stack([X, 9e2 * X[:, 0], X[:, 0]]))
    assert "input_scales" not in warnings((layer([[0.1]], [0.0], "tanh"), SMOOTH[1]), x=X[:, :1])


def test_a_loss_that_still_falls():
    assert "from 0.6 to 0.56" in warnings(loss=0.56, late_loss=0.6)["still_falling"]
    assert "still_falling" not in warnings(loss=0.58, late_loss=0.6)
    assert "still_falling" not in warnings(loss=0.5)
    assert "still_falling" not in warnings(loss=0.5, late_loss=0.6, iteration=50)
    assert "still_falling" not in warnings(loss=5e-7, late_loss=0.6)
    assert "still_falling" not in warnings(loss=0.5, late_loss=0.6, iterations=9, iteration=9)
    assert "still_falling" in warnings(loss=0.5, late_loss=0.6, iterations=10, iteration=10)


def test_steps_that_are_too_small():
    detail = warnings(loss=0.9995, y=Y + 9.0)["tiny_step"]
    assert "from 1 to 0.9995" in detail
    assert "above 0.25" in detail
    assert "tiny_step" not in warnings(loss=0.9985, y=Y + 9.0)
    assert "tiny_step" not in warnings(loss=1.0005, y=Y + 9.0)
    # A gradient is small beside the loss, as in units a hundred times larger.
    assert "tiny_step" in warnings(loss=0.0009995, y=Y, initial_loss=0.001)
    assert "tiny_step" not in warnings(loss=0.0005, y=Y, initial_loss=0.001)
    assert "tiny_step" not in warnings(loss=9995.0, y=Y, initial_loss=1e4)
    silent = (layer([[0.0, 0.0]], [0.0], "tanh"), layer([[0.0]], [Y.mean()], "identity"))
    assert "tiny_step" not in warnings(silent, loss=0.9995)


@pytest.mark.parametrize(
    ("activation", "loss", "expected"),
    [
        ("softplus", "cross_entropy", True),
        ("softmax", "cross_entropy", False),
        ("softplus", "squared", False),
    ],
)
def test_a_loss_without_a_least_value(activation, loss, expected):
    config = TrainingConfig((2, 2), (activation,), loss, iterations=100)
    layers = (layer([[0.2, 0.1], [0.1, 0.3]], [0.3, 0.2], activation),)
    start = replace(first_checkpoint(config, layers), iteration=100)
    y = np.eye(2)[[0, 1, 1, 0]]
    found = diagnose(FinishedTraining(config, X, y, start, 0.1, None))
    assert ("unbounded_loss" in {one.name for one in found}) is expected
