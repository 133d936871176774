"""Weights of samples: a weight of 3 is the sample three times, one of 0 is no sample."""

from dataclasses import replace

import numpy as np
import pytest

from core.errors import OutOfDomain
from core.nn.initialization import initial_layers
from core.tables.scaling import Scaling
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import Adam, GradientDescent
from core.training.replay import replay
from core.training.trainer import LocalTrainer
from core.training.updates.lbfgs import LBFGS

GENERATOR = np.random.default_rng(3)
SAMPLES = 24
WEIGHTS = GENERATOR.integers(0, 4, SAMPLES)
X = GENERATOR.normal(size=(SAMPLES, 2))
CLASSES = np.eye(3)[GENERATOR.integers(0, 3, SAMPLES)]
TARGETS = {
    ("squared", "tanh"): GENERATOR.normal(size=(SAMPLES, 3)),
    ("mean_squared", "sigmoid"): CLASSES,
    ("binary_cross_entropy", "sigmoid"): CLASSES,
    ("cross_entropy", "softmax"): CLASSES,
}


def config(loss, last, **more):
    config = TrainingConfig(
        (2, 4, 3), ("tanh", last), loss, GradientDescent(eta=0.3), iterations=20
    )
    return replace(config, **more)


def trained(config, x, y, checkpoint=None):
    layers = initial_layers(config.sizes, config.activations, np.random.default_rng(1))
    training = LocalTrainer(config, x, y, checkpoint or first_checkpoint(config, layers))
    training.run(config.iterations)
    return training


@pytest.mark.parametrize("optimizer", [GradientDescent(eta=0.3), Adam(eta=0.1), LBFGS()])
@pytest.mark.parametrize(("loss", "last"), TARGETS)
def test_a_weight_is_a_number_of_equal_samples(loss, last, optimizer):
    y = TARGETS[loss, last]
    mean = WEIGHTS.mean()  # the loss is a mean over the rows, so weights are made to average 1
    weighted = config(loss, last, optimizer=optimizer, is_weighted=True)
    found = trained(weighted, X, np.column_stack([y, WEIGHTS / mean]))
    repeated = np.repeat(np.arange(SAMPLES), WEIGHTS)
    plain = config(loss, last, optimizer=optimizer)
    expected = trained(plain, X[repeated], y[repeated])
    np.testing.assert_allclose(
        found.checkpoint().parameters, expected.checkpoint().parameters, rtol=1e-6, atol=1e-8
    )
    assert found.loss() == pytest.approx(expected.loss(), rel=1e-8)


@pytest.mark.parametrize("more", [{"batch_size": 5}, {"data_parallel": 3}])
def test_weights_of_one_change_nothing(more):
    for (loss, last), y in TARGETS.items():
        plain = config(loss, last, **more)
        found = trained(replace(plain, is_weighted=True), X, np.column_stack([y, np.ones(SAMPLES)]))
        expected = trained(plain, X, y)
        np.testing.assert_allclose(
            found.checkpoint().parameters, expected.checkpoint().parameters, rtol=1e-9, atol=1e-11
        )
        assert found.accuracy() == expected.accuracy()


def test_an_iteration_is_replayed_with_the_weights_of_its_batch():
    specification = config(
        "cross_entropy", "softmax", is_weighted=True, batch_size=7, label_smoothing=0.1
    )
    y = np.column_stack([CLASSES, WEIGHTS])
    layers = initial_layers((2, 4, 3), ("tanh", "softmax"), np.random.default_rng(1))
    seen = replay(specification, X, y, first_checkpoint(specification, layers), 5)
    assert seen.weights is not None
    assert seen.weights.tolist() == WEIGHTS[seen.rows].tolist()
    assert seen.y.shape == (7, 3)
    for before, after, gradient in zip(
        seen.before, seen.after, seen.backpropagation.gradients, strict=True
    ):
        np.testing.assert_allclose(
            after.weights, before.weights - 0.3 * gradient.weights, rtol=1e-9, atol=1e-12
        )


def test_a_scaling_leaves_the_weights_as_they_are():
    scaling = Scaling((1.0, 2.0), (3.0, 4.0), (5.0,), (6.0,))
    weighted = TrainingConfig((2, 1), ("identity",), scaling=scaling, is_weighted=True)
    x, y = weighted.scaled(np.array([[4.0, 6.0]]), np.array([[11.0, 7.0]]))
    assert (x.tolist(), y.tolist()) == ([[1.0, 1.0]], [[1.0, 7.0]])


def test_a_weighted_training_is_continued_bit_for_bit():
    specification = config("cross_entropy", "softmax", is_weighted=True, batch_size=5)
    y = np.column_stack([CLASSES, WEIGHTS])
    whole = trained(specification, X, y).to_bytes()
    half = trained(replace(specification, iterations=11), X, y).to_bytes()
    rest = trained(specification, X, y, replace(Checkpoint.from_bytes(half), late_loss=None))
    assert Checkpoint.from_bytes(whole).parameters.tolist() == rest.checkpoint().parameters.tolist()


@pytest.mark.parametrize(
    ("weights", "said"),
    [(-np.ones(SAMPLES), "negative"), (np.zeros(SAMPLES), "weight 0")],
)
def test_weights_that_make_no_sense_are_refused(weights, said):
    with pytest.raises(OutOfDomain, match=said):
        trained(config("squared", "tanh", is_weighted=True), X, np.column_stack([CLASSES, weights]))
