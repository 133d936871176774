"""In a race everyone is alone: who diverges says why, and the others go on as if nothing was."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trainings import same_state

from core.errors import Diverged
from core.nn.initialization import initial_layers
from core.training.checkpoint import first_checkpoint
from core.training.config import TrainingConfig
from core.training.ensemble.ensemble_trainer import EnsembleTrainer
from core.training.optimizers import GradientDescent
from core.training.trainer import LocalTrainer

# y = 2 on x = 1 with a linear unit: E = (w + b - 2)² / 2, and a step of eta = 3 takes w + b - 2
# to -5 times itself. From 0 nothing moves; from far away E leaves the floats soon.
LINEAR = TrainingConfig((1, 1), ("identity",), optimizer=GradientDescent(eta=3.0), iterations=400)
X, Y = np.ones((1, 1)), np.full((1, 1), 2.0)


def starting_at(distance):
    layers = initial_layers((1, 1), "identity", np.random.default_rng(0))
    start = first_checkpoint(LINEAR, layers)
    start.parameters[:] = 2.0, distance
    return start


@cache
def alone(distance):
    """What becomes of it, by itself: its losses, and its last state or the sentence of its end."""
    training = LocalTrainer(LINEAR, X, Y, starting_at(distance))
    losses = []
    try:
        while not training.finished:
            losses.append(training.run(1)["loss"][0])
        training.report()
    except Diverged as error:
        return losses, str(error)
    return losses, training.checkpoint()


@given(
    distances=st.lists(st.sampled_from([0.0, 1e-200, 1e-3, 1.0, 1e100]), min_size=1, max_size=9),
    cuts=st.lists(st.integers(1, 300), max_size=5),
)
def test_everyone_runs_as_alone_whoever_drops_out_and_whenever_one_looks(distances, cuts):
    race = EnsembleTrainer(LINEAR, X, Y, [starting_at(distance) for distance in distances])
    for cut in cuts:
        race.run(cut)
        race.measure()
    race.run(LINEAR.iterations)
    left = race.measure()
    assert race.finished
    for number, distance in enumerate(distances):
        losses, end = alone(distance)
        np.testing.assert_array_equal(race.losses(number), losses)
        if number in left:
            assert same_state(race.checkpoint(number), end)
        else:
            assert str(race.diverged[number]) == end


def test_a_race_that_nobody_is_left_in_is_over():
    race = EnsembleTrainer(LINEAR, X, Y, [starting_at(1e150), starting_at(1e160)])
    race.run(1)
    assert not race.finished
    assert race.diverged.keys() == {1}
    race.run(400)
    assert race.finished
    assert race.measure() == {}
    assert len(race.losses(0)) == len(alone(1e150)[0]) > 0


def test_a_loss_found_out_by_looking_is_the_one_that_the_next_iteration_would_meet():
    race = EnsembleTrainer(LINEAR, X, Y, [starting_at(0.0), starting_at(1e153)])
    race.run(2)  # 1e153 · 25 squared is beyond the floats
    assert race.diverged == {}
    assert race.measure().keys() == {0}
    with pytest.raises(Diverged, match="after 2 iterations") as caught:
        LocalTrainer(LINEAR, X, Y, starting_at(1e153)).run(3)
    assert str(race.diverged[1]) == str(caught.value)
