"""A compiled training makes the textbook's iterations, however it is cut."""

from dataclasses import replace
from itertools import cycle, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import Question
from trainings import OPTIMIZERS, begun, naive, same_state

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from core.errors import Diverged
from core.neural_network import NeuralNetwork
from core.nn.activations import IDENTITY
from core.nn.initialization import initial_layers
from core.nn.layer import Layer
from core.nn.losses import get_loss
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.compiled.arithmetic import LANES, NUMPY
from core.training.compiled_backend.coverage import HIDDEN_ACTIVATIONS, LAST_ACTIVATIONS
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import Adam
from core.training.progress import Progress
from core.training.replay import replay
from core.training.trainer import LocalTrainer
from core.training.updates.schedules import CosLog, InverseScaling

PAIRS = [(loss, last) for loss, lasts in LAST_ACTIVATIONS.items() for last in sorted(lasts)]
# Every hidden activation with every pair, optimizers and batches in turns.
COMBINATIONS = [
    (*pair, batch_size, optimizer)
    for pair, batch_size, optimizer in zip(
        product(sorted(HIDDEN_ACTIVATIONS), PAIRS), cycle([None, 10]), cycle(OPTIMIZERS)
    )
]
RULES = {
    "plain": {},
    "decay": {"weight_decay": 0.3},
    "schedule": {"schedule": CosLog()},
    "both": {"schedule": InverseScaling(), "weight_decay": 0.3},
}
EPSILON = {"float64": 2.0**-52, "float32": 2.0**-23}


pytestmark = pytest.mark.usefixtures("compiled_kernels")


def asked(sizes, activations, loss, samples, seed=0):
    """A question with data that the loss allows."""
    generator = np.random.default_rng(seed)
    layers = initial_layers(sizes, activations, generator)
    x = generator.normal(size=(samples, sizes[0]))
    y = generator.uniform(size=(samples, sizes[-1]))
    if loss == "cross_entropy":
        y = np.eye(sizes[-1])[y.argmax(axis=1)]
    return Question(NeuralNetwork(layers), x, y, get_loss(loss))


def config_of(question, **choices):
    return TrainingConfig(
        **{
            "sizes": question.network.sizes,
            "activations": tuple(layer.activation.name for layer in question.network.layers),
            "loss": question.loss.name,
            "arithmetic": LANES,
            **choices,
        }
    )


@pytest.mark.parametrize(("hidden", "pair", "batch_size", "optimizer"), COMBINATIONS)
def test_every_pair_makes_the_iterations_of_backprop(hidden, pair, batch_size, optimizer):
    loss, last = pair
    question = asked((3, 9, 6, 2), (hidden, hidden, last), loss, 27)
    config = config_of(
        question, optimizer=OPTIMIZERS[optimizer], batch_size=batch_size, iterations=7
    )
    layers, losses = naive(question, config)
    for precision in ("float64", "float32"):
        trainer = begun(question, replace(config, precision=precision))
        tolerance = 2000 * EPSILON[precision]
        history = trainer.run(7)["loss"]
        np.testing.assert_allclose(history, losses, rtol=tolerance, atol=tolerance)
        trained = trainer.checkpoint().layers(config)
        for mine, theirs in zip(trained, layers, strict=True):
            np.testing.assert_allclose(mine.weights, theirs.weights, rtol=0, atol=tolerance)
            np.testing.assert_allclose(mine.biases, theirs.biases, rtol=0, atol=tolerance)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("samples", range(1, 18))
def test_lanes_without_a_sample_change_nothing(samples, precision):
    question = asked((2, 5, 3), ("tanh", "softmax"), "cross_entropy", samples)
    compiled = begun(question, config_of(question, precision=precision))
    numpy = begun(question, config_of(question, precision=precision, arithmetic=NUMPY))
    assert compiled.loss() == pytest.approx(numpy.loss(), rel=100 * EPSILON[precision])
    assert compiled.accuracy() == numpy.accuracy()
    compiled.run(5)
    numpy.run(5)
    np.testing.assert_allclose(
        compiled.checkpoint().parameters,
        numpy.checkpoint().parameters,
        atol=100 * EPSILON[precision],
    )


@settings(max_examples=30)
@given(data=st.data())
def test_however_a_training_is_cut_every_bit_is_the_same(data):
    samples = data.draw(st.integers(1, 40), "samples")
    question = asked((2, 5, 1), ("sigmoid", "sigmoid"), "squared", samples + 3)
    config = config_of(
        question,
        iterations=60,
        optimizer=OPTIMIZERS[data.draw(st.sampled_from(sorted(OPTIMIZERS)))],
        batch_size=data.draw(st.none() | st.integers(1, samples)),
        validation_fraction=data.draw(st.sampled_from([0.0, 2.0 / (samples + 3)])),
        early_stopping=data.draw(st.sampled_from([None, EarlyStopping(patience=3)])),
        precision=data.draw(st.sampled_from(["float64", "float32"])),
        **RULES[data.draw(st.sampled_from(sorted(RULES)))],
    )
    whole = begun(question, config)
    history = whole.run(60)
    part, parts = begun(question, config), []
    while not part.finished:
        parts.append(part.run(data.draw(st.integers(1, 30), "iterations")))
        # A new trainer from the bytes, as after a worker was killed.
        kept = Checkpoint.from_bytes(part.to_bytes())
        part = LocalTrainer(config, question.x, question.y, kept)
    assert same_state(whole.checkpoint(), part.checkpoint())
    for name, column in history.items():
        joined = np.concatenate([one[name] for one in parts])
        np.testing.assert_array_equal(column, joined)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_updates_are_those_of_numpy_bit_for_bit(optimizer, rule, precision):
    # ŷ = w + b, so that both arithmetics find the gradient with the same two roundings.
    layer = Layer(np.array([[0.3]]), np.array([0.1]), IDENTITY)
    question = Question(NeuralNetwork((layer,)), np.ones((1, 1)), np.full((1, 1), 2.0), None)
    config = TrainingConfig(
        (1, 1), ("identity",), optimizer=OPTIMIZERS[optimizer], iterations=300, precision=precision,
        **RULES[rule],
    )  # fmt: skip
    trainers = [
        begun(question, replace(config, arithmetic=arithmetic)) for arithmetic in (NUMPY, LANES)
    ]
    numpy, lanes = (trainer.run(300)["loss"] for trainer in trainers)
    np.testing.assert_array_equal(numpy, lanes)
    assert same_state(trainers[0].checkpoint(), trainers[1].checkpoint())


def test_a_training_that_diverges_ends_before_the_same_step():
    question = asked((2, 4, 1), ("identity", "identity"), "squared", 20)
    seen = {}
    for arithmetic in (NUMPY, LANES):
        config = config_of(
            question, arithmetic=arithmetic, iterations=5000, optimizer=OPTIMIZERS["adam"]
        )
        config = replace(config, optimizer=type(OPTIMIZERS["gradient_descent"])(eta=50.0))
        trainer = begun(question, config)
        with pytest.raises(Diverged) as error:
            trainer.run(5000)
        seen[arithmetic] = trainer.iteration, str(error.value)
    assert seen[NUMPY] == seen[LANES]


def test_early_stopping_keeps_the_same_network():
    question = asked((2, 8, 1), ("tanh", "sigmoid"), "binary_cross_entropy", 60)
    choices = {
        "optimizer": OPTIMIZERS["adam"],
        "iterations": 400,
        "batch_size": 7,
        "validation_fraction": 0.3,
        "early_stopping": EarlyStopping(patience=5),
    }
    lanes = begun(question, config_of(question, **choices))
    numpy = begun(question, config_of(question, **choices, arithmetic=NUMPY))
    for trainer in (lanes, numpy):
        trainer.run(400)
    assert lanes.iteration == numpy.iteration < 400
    np.testing.assert_allclose(
        lanes.checkpoint().best_parameters, numpy.checkpoint().best_parameters, rtol=1e-9
    )


def test_the_preset_for_tables_trains_as_with_numpy():
    question = asked((2, 8, 3), ("relu", "softmax"), "cross_entropy", 80)
    choices = {
        "optimizer": Adam(eta=0.015, beta2=0.95),
        "iterations": 120,
        "batch_size": 16,
        "validation_fraction": 0.2,
        "schedule": CosLog(),
        "label_smoothing": 0.1,
        "weight_decay": 0.02,
    }
    lanes = begun(question, config_of(question, **choices))
    numpy = begun(question, config_of(question, **choices, arithmetic=NUMPY))
    mine, theirs = lanes.run(120), numpy.run(120)
    for name, column in theirs.items():
        np.testing.assert_allclose(mine[name], column, rtol=1e-9)
    assert lanes.report().loss == pytest.approx(numpy.report().loss, rel=1e-9)
    assert lanes.report().accuracy == numpy.report().accuracy
    np.testing.assert_allclose(
        lanes.checkpoint().best_parameters,
        numpy.checkpoint().best_parameters,
        rtol=1e-8,
        atol=1e-10,
    )


def test_a_replay_gives_the_parameters_of_the_training():
    question = asked((2, 6, 2), ("sigmoid", "softmax"), "cross_entropy", 33)
    config = config_of(question, iterations=50, batch_size=8, optimizer=OPTIMIZERS["momentum"])
    trainer = begun(question, config)
    trainer.run(30)
    start = first_checkpoint(config, question.network.layers)
    iteration = replay(config, question.x, question.y, start, 30)
    for mine, theirs in zip(iteration.after, trainer.checkpoint().layers(config), strict=True):
        np.testing.assert_array_equal(mine.weights, theirs.weights)
        np.testing.assert_array_equal(mine.biases, theirs.biases)


def test_progress_takes_the_losses_of_the_last_epoch_only():
    taken = []

    class Losses(np.ndarray):
        def tolist(self):
            taken.append(len(self))
            return super().tolist()

    class Unmeasured:
        is_single_block = False

        def measure(self):
            raise AssertionError("measured")

    progress = Progress(Unmeasured(), epoch=3)
    progress.record_losses(np.arange(1000.0).view(Losses))
    assert taken == [3]
    assert progress.estimate(1).loss == 998.0
