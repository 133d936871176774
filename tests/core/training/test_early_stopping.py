"""Early stopping ends a training that no longer gets better, and keeps the best network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import SEEDS, question
from trainings import begun, specified

from core.neural_network import NeuralNetwork
from core.training.config import EarlyStopping
from core.training.optimizers import GradientDescent

LIMIT = 400


def overfitting(seed, **choices):
    """A wide network on noise: its validation loss falls and rises."""
    asked = question("tanh", "identity", "squared", sizes=(2, 16, 1), samples=16, seed=seed)
    asked.y[...] = np.random.default_rng(seed).normal(size=asked.y.shape)
    choices = {"validation_fraction": 0.5, "early_stopping": EarlyStopping(patience=5), **choices}
    return asked, specified(
        asked, optimizer=GradientDescent(eta=0.1), iterations=LIMIT, seed=3, **choices
    )


def loss_on(asked, rows, layers):
    return float(NeuralNetwork(layers).backprop(asked.x[rows], asked.y[rows], asked.loss).loss)


@pytest.mark.parametrize("batch_size", [None, 3])
@settings(max_examples=25)
@given(seed=SEEDS)
def test_the_network_kept_had_the_lowest_validation_loss(batch_size, seed):
    asked, specification = overfitting(seed, batch_size=batch_size)
    training = begun(asked, specification)
    seen = training.run(LIMIT)["validation_loss"]
    _, validation = specification.split(16)
    kept = loss_on(asked, validation, training.checkpoint().layers(specification))
    assert kept == pytest.approx(np.nanmin(seen), rel=1e-10)
    assert training.checkpoint().best_loss == np.nanmin(seen)


@settings(max_examples=25)
@given(seed=SEEDS, patience=st.integers(1, 20))
def test_it_ends_when_patience_epochs_in_a_row_were_no_better(seed, patience):
    asked, specification = overfitting(seed, early_stopping=EarlyStopping(patience=patience))
    training = begun(asked, specification)
    seen = training.run(LIMIT)["validation_loss"]
    assert training.finished
    since = np.arange(len(seen)) - np.array([np.argmin(seen[: k + 1]) for k in range(len(seen))])
    assert (since[:-1] < patience).all()
    assert since[-1] == patience or len(seen) == LIMIT


def test_a_gain_below_min_delta_is_no_gain():
    asked, patient = overfitting(4, early_stopping=EarlyStopping(patience=3))
    _, strict = overfitting(4, early_stopping=EarlyStopping(patience=3, min_delta=1e9))
    long, short = begun(asked, patient), begun(asked, strict)
    long.run(LIMIT)
    seen = short.run(LIMIT)["validation_loss"]
    # The first look is better than nothing; three more are not better by min_delta.
    assert short.iteration == 4 < long.iteration
    # Even so the best of them is kept.
    assert short.checkpoint().best_loss == seen.min()


def test_without_validation_samples_the_training_loss_is_watched():
    asked, specification = overfitting(1, validation_fraction=0.0)
    training = begun(asked, specification)
    history = training.run(LIMIT)
    assert set(history) == {"loss"}
    kept = loss_on(asked, np.arange(16), training.checkpoint().layers(specification))
    after = [*history["loss"][1:], training.loss()]
    assert kept == pytest.approx(min(after), rel=1e-10)


def test_without_early_stopping_validation_keeps_the_best_all_the_same():
    asked, specification = overfitting(2, early_stopping=None)
    training = begun(asked, specification)
    seen = training.run(LIMIT)["validation_loss"]
    assert len(seen) == LIMIT
    _, validation = specification.split(16)
    kept = loss_on(asked, validation, training.checkpoint().layers(specification))
    assert kept == pytest.approx(seen.min(), rel=1e-10)
    assert seen[-1] > seen.min()
