"""Training is gradient descent on the mean loss: ours, a naive loop's and scikit-learn's."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import COMBINATIONS, SEEDS, Question, question
from sklearn.neural_network import MLPClassifier, MLPRegressor
from trainings import OPTIMIZERS, begun, naive, specified

from core.errors import Diverged, NotFinite, OutOfDomain, ShapeMismatch
from core.neural_network import NeuralNetwork
from core.nn.losses import SQUARED
from core.training.checkpoint import first_checkpoint
from core.training.optimizers import Adam, GradientDescent
from core.training.progress import EVALUATION_INTERVAL_EPOCHS
from core.training.trainer import LocalTrainer


def assert_same_network(layers, others, rtol=1e-10):
    for one, other in zip(layers, others, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=rtol, atol=1e-12)
        np.testing.assert_allclose(one.biases, other.biases, rtol=rtol, atol=1e-12)


LOOPS = list(product(sorted(OPTIMIZERS), (None, 3)))
# Each combination meets one kind of loop, and the rotation lets every kind meet every activation.
QUESTIONS = [
    (combination, *LOOPS[(number + number // len(LOOPS)) % len(LOOPS)])
    for number, combination in enumerate(COMBINATIONS)
]


@pytest.mark.parametrize(("combination", "optimizer", "batch_size"), QUESTIONS)
def test_training_is_the_naive_loop(combination, optimizer, batch_size):
    asked = question(*combination, sizes=(3, 5, 2), samples=7)
    specification = specified(
        asked, optimizer=OPTIMIZERS[optimizer], iterations=7, batch_size=batch_size, seed=5
    )
    training = begun(asked, specification)
    history = training.run(7)
    layers, losses = naive(asked, specification)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-10)
    assert_same_network(training.checkpoint().layers(specification), layers)


def scikit_learns(peer, asked, y):
    """Train `peer` from the parameters of the question."""
    peer.set_params(hidden_layer_sizes=asked.network.sizes[1:-1], warm_start=True, max_iter=1)
    with pytest.warns(Warning, match="Maximum iterations"):
        peer.fit(asked.x, y)
    for layer, weights, biases in zip(
        asked.network.layers, peer.coefs_, peer.intercepts_, strict=True
    ):
        weights[...], biases[...] = layer.weights.T, layer.biases
    peer.set_params(max_iter=40)
    with pytest.warns(Warning, match="Maximum iterations"):
        peer.fit(asked.x, y)
    return [
        type(layer)(weights.T, biases, layer.activation)
        for layer, weights, biases in zip(
            asked.network.layers, peer.coefs_, peer.intercepts_, strict=True
        )
    ]


@pytest.mark.parametrize("solver", ["sgd", "adam"])
@pytest.mark.parametrize(
    ("hidden", "theirs"), [("sigmoid", "logistic"), ("relu", "relu"), ("tanh", "tanh")]
)
@pytest.mark.parametrize(
    ("last", "loss", "kind"),
    [
        ("identity", "squared", MLPRegressor),
        ("sigmoid", "binary_cross_entropy", MLPClassifier),
        ("softmax", "cross_entropy", MLPClassifier),
    ],
)
def test_training_is_scikit_learns(hidden, theirs, last, loss, kind, solver):
    width = 3 if last == "softmax" else 1
    asked = question(hidden, last, loss, sizes=(3, 5, 4, width), samples=20)
    labels = np.arange(20) % (width if width > 1 else 2)
    their_y = asked.y[:, 0] if kind is MLPRegressor else labels
    if kind is MLPClassifier:
        asked.y[...] = np.eye(width)[labels] if width > 1 else labels[:, None]
    peer = kind(
        solver=solver,
        activation=theirs,
        alpha=0.0,
        batch_size=20,
        learning_rate_init=0.01,
        momentum=0.0,
        shuffle=False,
        tol=0.0,
        n_iter_no_change=1000,
        epsilon=1e-300,
    )
    optimizer = GradientDescent(eta=0.01) if solver == "sgd" else Adam(eta=0.01, epsilon=1e-300)
    expected = scikit_learns(peer, asked, their_y)
    trained = asked.network.train(
        asked.x, asked.y, iterations=40, loss=asked.loss, optimizer=optimizer
    )
    assert_same_network(trained.layers, expected)
    losses = begun(asked, specified(asked, optimizer=optimizer, iterations=40)).run(40)["loss"]
    np.testing.assert_allclose(losses, peer.loss_curve_[-40:], rtol=1e-10)


@given(
    samples=st.integers(2, 30), batch_size=st.integers(1, 30), epochs=st.integers(1, 3), seed=SEEDS
)
def test_batches_meet_every_sample_once_in_an_epoch(samples, batch_size, epochs, seed):
    batch_size = min(batch_size, samples)
    asked = question("identity", "identity", "squared", sizes=(1, 1), samples=samples)
    # With w = b = 0, which so small an eta leaves there, E of sample k is k.
    network = NeuralNetwork.from_parameters([[[0.0]]], [[0.0]], "identity")
    y = np.sqrt(2.0 * np.arange(samples))[:, None]
    per_epoch = -(-samples // batch_size)
    specification = specified(
        asked,
        optimizer=GradientDescent(eta=1e-300),
        iterations=epochs * per_epoch,
        batch_size=batch_size,
        seed=seed,
    )
    training = LocalTrainer(
        specification, asked.x, y, first_checkpoint(specification, network.layers)
    )
    losses = training.run(epochs * per_epoch)["loss"]
    sizes = [min(batch_size, samples - k) for k in range(0, samples, batch_size)]
    for epoch, met in enumerate(np.split(losses * (epochs * sizes), epochs)):
        order = specification.epoch_rows(np.arange(samples), epoch)
        np.testing.assert_array_equal(np.sort(order), np.arange(samples))
        order = order if per_epoch > 1 else np.arange(samples)
        batches = np.split(order, np.cumsum(sizes)[:-1])
        np.testing.assert_allclose(met, [batch.sum() for batch in batches], rtol=1e-12)


def test_epochs_differ_in_their_order_and_seeds_do_too():
    asked = question("tanh", "identity", "squared", samples=50)
    specification = specified(asked, seed=1)
    rows = np.arange(50)
    first = specification.epoch_rows(rows, 0)
    assert not np.array_equal(first, specification.epoch_rows(rows, 1))
    assert not np.array_equal(first, specified(asked, seed=2).epoch_rows(rows, 0))
    np.testing.assert_array_equal(first, specification.epoch_rows(rows, 0))


@given(fraction=st.floats(0.01, 0.99), samples=st.integers(2, 100), seed=SEEDS)
def test_the_split_puts_each_sample_on_one_side(fraction, samples, seed):
    specification = specified(
        question("tanh", "identity", "squared"), validation_fraction=fraction, seed=seed
    )
    expected = round(fraction * samples)
    if expected in (0, samples):
        with pytest.raises(OutOfDomain, match=f"of {samples} samples keeps {expected} for") as e:
            specification.split(samples)
        assert e.value.place == ("validation_fraction",)
        return
    train, validation = specification.split(samples)
    assert len(validation) == expected
    np.testing.assert_array_equal(np.sort([*train, *validation]), np.arange(samples))


def test_the_validation_loss_is_that_of_the_samples_kept_apart():
    asked = question("tanh", "sigmoid", "binary_cross_entropy", sizes=(3, 4, 1), samples=20)
    asked.y[...] = asked.y > asked.y.mean()
    asked.y[::2] = 1.0 - asked.y[::2]
    specification = specified(asked, validation_fraction=0.3, iterations=5, seed=3)
    training = begun(asked, specification)
    _, rows = specification.split(20)
    for _ in range(5):
        history = training.run(1)
        now = NeuralNetwork(latest_layers(training, specification))
        result = now.backprop(asked.x[rows], asked.y[rows], asked.loss)
        assert history["validation_loss"][0] == pytest.approx(float(result.loss), rel=1e-12)
        right = (result.trace.output > 0.5) == (asked.y[rows] == 1.0)
        assert history["validation_accuracy"][0] == right.mean()


def latest_layers(training, specification):
    """The latest network, not the best."""
    latest = replace(training.checkpoint(), best_parameters=np.empty(0))
    return latest.layers(specification)


def test_with_batches_validation_is_looked_at_once_in_an_epoch():
    asked = question("tanh", "sigmoid", "squared", samples=20)
    specification = specified(asked, validation_fraction=0.5, iterations=9, batch_size=4, seed=3)
    history = begun(asked, specification).run(9)
    # 10 samples in batches of 4, 4 and 2: the 3rd, 6th and 9th iterations end an epoch.
    seen = np.flatnonzero(np.isfinite(history["validation_loss"]))
    np.testing.assert_array_equal(seen, [2, 5, 8])


def test_loss_and_accuracy_are_those_of_all_training_samples():
    asked = question("tanh", "softmax", "cross_entropy", sizes=(3, 4, 3), samples=20)
    labels = np.arange(20) % 3
    asked.y[...] = np.eye(3)[labels]
    specification = specified(asked, iterations=6, batch_size=7)
    training = begun(asked, specification)
    training.run(6)
    network = NeuralNetwork(training.checkpoint().layers(specification))
    result = network.backprop(asked.x, asked.y, asked.loss)
    assert training.loss() == pytest.approx(float(result.loss), rel=1e-12)
    assert training.accuracy() == np.mean(result.trace.output.argmax(axis=1) == labels)


def test_with_a_full_batch_what_is_told_on_the_way_is_exact():
    training = begun(*asked_for(iterations=10))
    training.run(4)
    loss = training.report().loss
    assert loss == training.loss()
    # It is what the next iteration meets.
    assert training.run(1)["loss"] == [loss]


def test_with_batches_what_is_told_on_the_way_is_the_mean_of_an_epoch_and_exact_at_times():
    asked, specification = asked_for(iterations=1000, batch_size=2)
    training = begun(asked, specification)
    exact = training.report()
    assert exact.loss == training.loss()
    # 5 samples in batches of 2, 2 and 1: an epoch has three iterations.
    met = training.run(7)["loss"]
    assert training.report().loss == pytest.approx(met[-3:].mean(), rel=1e-14)
    assert training.report().loss != training.loss()
    training.run(3 * EVALUATION_INTERVAL_EPOCHS)
    assert training.report().loss == training.loss()
    training.run(1000)
    assert training.finished
    assert training.report().loss == training.loss()


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
def test_float32_stays_float32_and_agrees_to_its_precision(optimizer, batch_size):
    asked = question("tanh", "softmax", "cross_entropy", samples=8)
    choices = {
        "optimizer": OPTIMIZERS[optimizer],
        "iterations": 10,
        "batch_size": batch_size,
        "validation_fraction": 0.25,
    }
    double, single = (
        begun(asked, specified(asked, precision=precision, **choices))
        for precision in ("float64", "float32")
    )
    expected, history = double.run(10), single.run(10)
    for name in expected:
        np.testing.assert_allclose(history[name], expected[name], rtol=1e-4, equal_nan=True)
    checkpoint = single.checkpoint()
    for array in (checkpoint.parameters, checkpoint.moments, checkpoint.best_parameters):
        assert array.dtype == np.float32
    trained = asked.network.astype(np.float32).train(asked.x, asked.y, iterations=3)
    assert {layer.weights.dtype for layer in trained.layers} == {np.dtype(np.float32)}


def test_nothing_of_the_callers_is_written():
    asked = question("relu", "identity", "squared")
    specification = specified(asked, iterations=5, validation_fraction=0.4)
    start = first_checkpoint(specification, asked.network.layers)
    for array in (asked.x, asked.y, start.parameters, start.moments):
        array.flags.writeable = False
    training = LocalTrainer(specification, asked.x, asked.y, start)
    training.run(3)
    middle = training.checkpoint()
    kept = middle.parameters.copy()
    training.run(2)
    np.testing.assert_array_equal(middle.parameters, kept)


def test_no_more_iterations_are_made_than_specified():
    training = begun(*asked_for(iterations=10))
    assert len(training.run(7)["loss"]) == 7
    assert not training.finished
    assert len(training.run(7)["loss"]) == 3
    assert training.finished
    assert len(training.run(7)["loss"]) == 0
    assert len(training.run(0)["loss"]) == 0


def asked_for(**choices):
    asked = question("tanh", "identity", "squared")
    return asked, specified(asked, **choices)


def test_a_training_without_iterations_is_finished():
    assert begun(*asked_for(iterations=0)).finished


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_divergence_names_the_iteration_and_advises_a_lower_eta(precision):
    # x = 1 and y = 0, so w and b both go down by eta (w + b): w + b <- (1 - 2 eta) (w + b), and
    # its square grows by 81 each time. From 1 it passes the largest float64 after
    # ln(1.8e308) / ln(81) = 161.5 iterations, the largest float32 after ln(3.4e38) / ln(81) = 20.2.
    unit = NeuralNetwork.from_parameters([[[1.0]]], [[0.0]], "identity").astype(precision)
    expected = {"float64": 162, "float32": 21}[precision]
    asked = Question(unit, np.array([[1.0]]), np.array([[0.0]]), SQUARED)
    specification = specified(
        asked, optimizer=GradientDescent(eta=5.0), iterations=1000, precision=precision
    )
    training = begun(asked, specification)
    with pytest.raises(Diverged) as end:
        training.run(1000)
    assert end.value.detail == (
        f"the loss is inf after {expected} iterations with eta = 5: try a lower eta"
    )
    assert training.iteration == expected


def test_a_last_step_that_diverges_is_noticed_too():
    unit = NeuralNetwork.from_parameters([[[1e150]]], [[0.0]], "identity")
    with pytest.raises(Diverged, match="after 1 iteration with eta = 1e\\+10: try a lower eta"):
        unit.train([1.0], [0.0], eta=1e10, iterations=1)


def refused(asked=None, x=None, y=None, **choices):
    asked = asked or question("tanh", "sigmoid", "squared", samples=5)
    specification = specified(asked, **choices)
    start = first_checkpoint(specification, asked.network.layers)
    x, y = (asked.x if x is None else x), (asked.y if y is None else y)
    return lambda: LocalTrainer(specification, x, y, start)


NAN = np.full((5, 3), np.nan)


@pytest.mark.parametrize(
    ("question", "error", "sentence", "place"),
    [
        (
            refused(y=np.zeros((4, 2))),
            ShapeMismatch,
            "x has 5 samples, but y has 4",
            ("data", "y"),
        ),
        (
            refused(x=np.zeros((5, 2))),
            ShapeMismatch,
            "x has 2 numbers per sample, but the first of the sizes is 3",
            ("data", "x"),
        ),
        (
            refused(y=np.zeros((5, 1))),
            ShapeMismatch,
            "y has 1 number per sample, but the last of the sizes is 2",
            ("data", "y"),
        ),
        (
            refused(x=np.zeros((0, 3)), y=np.zeros((0, 2))),
            ShapeMismatch,
            "x has no samples",
            ("data", "x"),
        ),
        (refused(x=NAN), NotFinite, "x[0, 0] is nan, beyond what a float can hold", ("data", "x")),
        (
            refused(y=np.full((5, 2), 2.0), loss="binary_cross_entropy"),
            OutOfDomain,
            "binary_cross_entropy needs every number of y in [0, 1], but y[0, 0] is 2",
            ("data", "y"),
        ),
        (
            refused(batch_size=6),
            OutOfDomain,
            "batch_size is 6, but the training has 5 samples",
            ("batch_size",),
        ),
        (
            refused(batch_size=4, validation_fraction=0.4),
            OutOfDomain,
            "batch_size is 4, but the training has 3 samples",
            ("batch_size",),
        ),
        (
            refused(validation_fraction=0.01),
            OutOfDomain,
            "a validation_fraction of 0.01 of 5 samples keeps 0 for validation and 5 for training",
            ("validation_fraction",),
        ),
    ],
)
def test_what_cannot_be_trained_is_refused_before_the_first_iteration(
    question, error, sentence, place
):
    with pytest.raises(error) as refusal:
        question()
    assert refusal.value.detail == sentence
    assert refusal.value.place == place
