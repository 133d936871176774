"""Schedules, clipping, weight decay, Nesterov and L-BFGS, by their formulas and by SciPy."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize, rosen, rosen_der

from core.errors import OutOfDomain
from core.neural_network import NeuralNetwork
from core.nn.backprop import backprop
from core.nn.forward import mean_loss
from core.nn.initialization import INITIALIZATIONS, initial_layers
from core.nn.losses import get_loss
from core.nn.parameters import flatten, unflatten
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import OPTIMIZERS, Adam, GradientDescent, Nesterov
from core.training.trainer import LocalTrainer
from core.training.updates.lbfgs import LBFGS, line_search_step
from core.training.updates.schedules import SCHEDULES, Cosine, CosLog, InverseScaling, Plateau

GENERATOR = np.random.default_rng(5)
X, Y = GENERATOR.normal(size=(40, 3)), GENERATOR.integers(0, 2, size=(40, 1)).astype(float)
CONFIG = TrainingConfig(
    sizes=(3, 5, 1),
    activations=("tanh", "sigmoid"),
    loss="binary_cross_entropy",
    optimizer=GradientDescent(eta=0.2),
    iterations=12,
)
LAYERS = initial_layers(CONFIG.sizes, CONFIG.activations, np.random.default_rng(1))


def trained(config, iterations=None, checkpoint=None):
    training = LocalTrainer(config, X, Y, checkpoint or first_checkpoint(config, LAYERS))
    training.run(iterations or config.iterations)
    return training


def gradient_at(parameters, config=CONFIG):
    layers = unflatten(parameters, config.sizes, config.activation_functions)
    result = backprop(layers, X, Y, get_loss(config.loss))
    return np.concatenate(
        [np.column_stack([g.weights, g.biases]).ravel() for g in result.gradients]
    )


def is_weight():
    network = NeuralNetwork(LAYERS)
    return flatten(
        [
            replace(layer, weights=np.ones_like(layer.weights), biases=np.zeros_like(layer.biases))
            for layer in network.layers
        ],
        float,
    )


@pytest.mark.parametrize("schedule", [Cosine(), InverseScaling(power=0.7), CosLog()])
def test_gradient_descent_with_a_schedule_decay_and_clipping_is_the_formula(schedule):
    config = replace(CONFIG, schedule=schedule, weight_decay=0.3, clip_norm=0.05)
    parameters = flatten(LAYERS, float)
    for k in range(1, 13):
        gradient = gradient_at(parameters)
        gradient *= min(1.0, 0.05 / np.linalg.norm(gradient))
        change = -0.2 * gradient - 0.2 * 0.3 * is_weight() * parameters
        parameters = parameters + schedule.factor(k, 12) * change
    found = trained(config).checkpoint().parameters
    np.testing.assert_allclose(found, parameters, rtol=1e-11, atol=1e-14)


def test_schedules_begin_and_end_as_their_papers_say():
    assert Cosine().factor(1, 100) == 1.0
    assert Cosine().factor(51, 100) == pytest.approx(0.5)
    assert InverseScaling(power=0.5).factor(16, 100) == 0.25
    # coslog4 rises to 1 four times and is 0 between: where 1 + 15 t is a power of 2.
    peaks = [(2.0 ** (k + 0.5) - 1) / 15 for k in range(4)]
    zeros = [(2.0**k - 1) / 15 for k in range(4)]
    steps = 10**6
    for t in peaks:
        assert CosLog().factor(round(t * steps) + 1, steps) == pytest.approx(1.0, abs=1e-6)
    for t in zeros:
        assert CosLog().factor(round(t * steps) + 1, steps) == pytest.approx(0.0, abs=1e-6)
    assert {name: kind().name for name, kind in SCHEDULES.items()} == {n: n for n in SCHEDULES}


def test_on_a_plateau_the_steps_become_smaller():
    """Each time the loss has not fallen below its lowest in `patience` iterations in a row."""
    schedule = Plateau(ratio=0.5, patience=2)
    config = replace(CONFIG, optimizer=GradientDescent(eta=30.0), schedule=schedule, iterations=60)
    parameters = flatten(LAYERS, float)
    lowest, flat, plateaus = np.inf, 0, 0
    for _ in range(60):
        parameters = parameters - 30.0 * 0.5**plateaus * gradient_at(parameters)
        layers = unflatten(parameters, config.sizes, config.activation_functions)
        loss = mean_loss(layers, X, Y, get_loss(config.loss))
        flat = 0 if loss < lowest else flat + 1
        lowest = min(lowest, loss)
        if flat == 2:
            plateaus, flat = plateaus + 1, 0
    found = trained(config).checkpoint()
    np.testing.assert_allclose(found.parameters, parameters, rtol=1e-6)
    assert found.plateaus == plateaus >= 3
    np.testing.assert_allclose(found.best_loss, lowest, rtol=1e-9)


def test_a_training_that_follows_plateaus_is_continued_bit_for_bit():
    optimizer, schedule = Adam(eta=0.3), Plateau(ratio=0.3, patience=2)
    config = replace(CONFIG, optimizer=optimizer, schedule=schedule, iterations=40, batch_size=16)
    whole = trained(config).to_bytes()
    training = trained(config, 1)
    while not training.finished:
        training = trained(config, 3, Checkpoint.from_bytes(training.to_bytes()))
    assert training.to_bytes() == whole
    assert Checkpoint.from_bytes(whole).plateaus > 0


def test_nesterov_is_its_formula():
    optimizer = Nesterov(eta=0.1, momentum=0.8)
    parameters, velocity = flatten(LAYERS, float), 0.0
    for _ in range(12):
        gradient = gradient_at(parameters)
        velocity = 0.8 * velocity + gradient
        parameters = parameters - 0.1 * (gradient + 0.8 * velocity)
    found = trained(replace(CONFIG, optimizer=optimizer)).checkpoint().parameters
    np.testing.assert_allclose(found, parameters, rtol=1e-12, atol=1e-15)


def test_lbfgs_finds_the_minimum_of_rosenbrock_as_fast_as_scipy():
    optimizer = LBFGS(tolerance=1e-10)
    start = np.array([-1.2, 1.0, -0.5, 2.0])
    parameters, gradient = start.copy(), np.empty(4)
    moments = np.zeros((optimizer.moments, 4))
    evaluations = 0

    def evaluate():
        nonlocal evaluations
        evaluations += 1
        gradient[...] = rosen_der(parameters)
        return float(rosen(parameters))

    known, converged = None, False
    while not converged:
        step = line_search_step(optimizer, evaluate, known, parameters, gradient, moments)
        assert step.next_loss <= step.loss
        known, converged = step.next_loss, step.converged
    np.testing.assert_allclose(parameters, 1.0, rtol=1e-8)
    theirs = minimize(rosen, start, jac=rosen_der, method="L-BFGS-B", options={"gtol": 1e-10})
    assert evaluations <= 2 * theirs.nfev


@pytest.mark.parametrize("decay", [0.0, 0.02])
def test_lbfgs_minimizes_the_loss_and_its_penalty(decay):
    config = replace(CONFIG, optimizer=LBFGS(), iterations=400, weight_decay=decay)
    training = trained(config)
    found = training.checkpoint().parameters
    slope = gradient_at(found) + decay * is_weight() * found
    if decay:  # without a penalty separable rows have their minimum at infinity
        assert np.abs(slope).max() < 1e-6
        assert training.finished
    before = LocalTrainer(config, X, Y, first_checkpoint(config, LAYERS)).loss()
    assert training.loss() < before


@pytest.mark.parametrize(
    "config",
    [
        replace(CONFIG, optimizer=optimizer, weight_decay=0.1)
        for optimizer in (GradientDescent(), Nesterov(), Adam(), LBFGS())
    ],
    ids=lambda config: config.optimizer.name,
)
def test_the_loss_of_an_iteration_is_that_before_it_without_a_penalty(config):
    training = LocalTrainer(config, X, Y, first_checkpoint(config, LAYERS))
    for _ in range(4):
        layers = unflatten(
            training.checkpoint().parameters, config.sizes, config.activation_functions
        )
        expected = backprop(layers, X, Y, get_loss(config.loss)).loss
        np.testing.assert_allclose(training.run(1)["loss"], [expected], rtol=1e-12)


def test_evaluating_the_best_network_changes_no_bit_of_the_training():
    # Steps that are far too long: the network after the first is better than all that follow.
    config = replace(CONFIG, optimizer=GradientDescent(eta=1e3), early_stopping=EarlyStopping(5))
    alone, reported = (LocalTrainer(config, X, Y, first_checkpoint(config, LAYERS)) for _ in "12")
    alone.run(4)
    reported.run(1)
    first = reported.checkpoint().parameters
    best = unflatten(first, config.sizes, config.activation_functions)
    for _ in range(3):
        reported.run(1)
        assert reported.best_iteration == 1
        loss = backprop(best, X, Y, get_loss(config.loss)).loss
        assert reported.report_of_best().loss == pytest.approx(loss, rel=1e-12)
    assert reported.to_bytes() == alone.to_bytes()


EXTENDED = [
    replace(CONFIG, optimizer=LBFGS(memory=3), weight_decay=0.001),
    replace(CONFIG, optimizer=LBFGS(), precision="float32"),
    replace(CONFIG, optimizer=Nesterov(), batch_size=7, schedule=CosLog(), clip_norm=0.1),
    replace(CONFIG, optimizer=Adam(), weight_decay=0.1, label_smoothing=0.2, batch_size=16),
    replace(CONFIG, optimizer=LBFGS(), data_parallel=3),
]


@pytest.mark.parametrize("config", EXTENDED)
@pytest.mark.parametrize("cut", [1, 5, 11])
def test_a_training_cut_in_two_is_the_whole_one_bit_for_bit(config, cut):
    whole = trained(config).to_bytes()
    half = Checkpoint.from_bytes(trained(config, cut).to_bytes())
    assert trained(config, 12 - cut, half).to_bytes() == whole


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"batch_size": 7}, ("batch_size",)),
        ({"schedule": Cosine()}, ("schedule",)),
        ({"clip_norm": 1.0}, ("clip_norm",)),
    ],
)
def test_what_means_nothing_for_lbfgs_is_refused(change, place):
    with pytest.raises(OutOfDomain) as caught:
        trained(replace(CONFIG, optimizer=LBFGS(), **change))
    assert caught.value.place == place


def test_smoothed_labels_are_trained_on_and_the_classes_stay():
    config = replace(CONFIG, label_smoothing=0.2)
    smooth = 0.8 * Y + 0.1
    ours = trained(config)
    plain = LocalTrainer(CONFIG, X, smooth, first_checkpoint(CONFIG, LAYERS))
    plain.run(12)
    np.testing.assert_array_equal(ours.checkpoint().parameters, plain.checkpoint().parameters)
    assert ours.accuracy() is not None
    assert plain.accuracy() is None


@pytest.mark.parametrize(
    ("name", "variance"),
    [("glorot", 2 / 400), ("he", 2 / 300), ("uniform", 2 / 400)],
)
def test_weights_are_drawn_with_the_variance_of_their_paper(name, variance):
    (layer,) = initial_layers((300, 100), "relu", np.random.default_rng(0), name)
    assert layer.weights.var() == pytest.approx(variance, rel=0.03)
    assert set(INITIALIZATIONS) == {"glorot", "he", "uniform"}
    assert not layer.biases.any()


def test_every_optimizer_lowers_the_loss():
    before = trained(CONFIG, iterations=None).loss()
    for name, kind in OPTIMIZERS.items():
        config = replace(CONFIG, optimizer=kind(eta=0.05), iterations=100)
        assert trained(config).loss() < before + 0.05, name


def test_what_is_not_chosen_is_as_the_papers_and_scikit_learn_have_it():
    ours = [dataclass() for dataclass in (*OPTIMIZERS.values(), *SCHEDULES.values(), LBFGS)]
    found = {one.name: {k: v for k, v in vars(one).items() if k != "name"} for one in ours}
    assert found == {
        "gradient_descent": {"eta": 0.01},
        "momentum": {"eta": 0.01, "momentum": 0.9},
        "nesterov": {"eta": 0.01, "momentum": 0.9},
        "adam": {"eta": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        "lbfgs": {"eta": 0.01, "memory": 10, "tolerance": 1e-8},
        "cosine": {},
        "inverse_scaling": {"power": 0.5},
        "coslog": {"cycles": 4.0},
        "plateau": {"ratio": 0.2, "patience": 10},
    }
    assert vars(EarlyStopping()) == {"patience": 10, "min_delta": 0.0}
