"""A stack of trainings is each of them alone, bit for bit; whatever happens to one is its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import HIDDEN, SEEDS, question
from trainings import OPTIMIZERS, begun, same_state, specified

from core.errors import Diverged, OutOfDomain
from core.nn.initialization import initial_layers
from core.training.checkpoint import first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig
from core.training.ensemble.stacked_trainer import StackedTrainer
from core.training.ensemble.stacking_policy import stack_size
from core.training.optimizers import GradientDescent
from core.training.trainer import LocalTrainer

TOPS = [("squared", "sigmoid"), ("squared", "relu"), ("binary_cross_entropy", "sigmoid")]
XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([[0.0], [1.0], [1.0], [0.0]])
TINY = TrainingConfig((2, 3, 1), ("tanh", "sigmoid"), iterations=200)


def start(specification, seed):
    generator = np.random.default_rng(seed)
    layers = initial_layers(specification.sizes, specification.activations, generator)
    return first_checkpoint(specification, layers)


@given(
    hidden=st.sampled_from(HIDDEN),
    top=st.sampled_from(TOPS),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    precision=st.sampled_from(["float64", "float32"]),
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=4),
    samples=st.integers(1, 40),
    networks=st.integers(1, 18),
    seed=SEEDS,
)
def test_each_network_of_a_stack_is_the_one_trained_alone_bit_for_bit(
    hidden, top, optimizer, precision, sizes, samples, networks, seed
):
    loss, last = top
    asked = question(hidden, last, loss, tuple(sizes), samples, seed)
    x, y = asked.x.astype(precision), asked.y.astype(precision)
    specification = specified(
        asked, optimizer=OPTIMIZERS[optimizer], precision=precision, iterations=12
    )
    starts = [start(specification, seed + number) for number in range(networks)]
    stack = StackedTrainer(specification, x, y, starts)
    losses = np.hstack([stack.run(5), stack.run(100)])
    assert stack.finished
    for number, measure in enumerate(stack.measure()):
        alone = LocalTrainer(specification, x, y, starts[number])
        np.testing.assert_array_equal(losses[number], alone.run(12)["loss"])
        assert same_state(stack.checkpoint(number), alone.checkpoint())
        assert measure == alone.report()


def test_a_stack_goes_on_from_where_another_was_left():
    starts = [start(TINY, seed) for seed in range(5)]
    whole = StackedTrainer(TINY, XOR_X, XOR_Y, starts)
    whole.run(100)
    first = StackedTrainer(TINY, XOR_X, XOR_Y, starts[1:4])
    first.run(37)
    second = StackedTrainer(TINY, XOR_X, XOR_Y, [first.checkpoint(2), first.checkpoint(0)])
    second.run(63)
    assert same_state(second.checkpoint(0), whole.checkpoint(3))
    assert same_state(second.checkpoint(1), whole.checkpoint(1))


def exploding():
    """A linear network whose second start is so far away that its loss overflows on the way."""
    specification = TrainingConfig(
        (1, 1), ("identity",), optimizer=GradientDescent(eta=3.0), iterations=2000
    )
    layers = initial_layers((1, 1), "identity", np.random.default_rng(0))
    near, far = first_checkpoint(specification, layers), first_checkpoint(specification, layers)
    # y = 2 x on x = 1: at w + b = 2 nothing moves, elsewhere the distance grows 5-fold in a step.
    near.parameters[:] = 1.0, 1.0
    far.parameters[:] = 1.0, 1e9
    return specification, np.ones((1, 1)), np.full((1, 1), 2.0), [near, far, near]


def test_one_that_diverges_stops_the_stack_before_its_step_and_disturbs_no_other():
    specification, x, y, starts = exploding()
    stack = StackedTrainer(specification, x, y, starts)
    losses = stack.run(2000)
    assert list(np.isfinite(losses).all(axis=1)) == [True, False, True]
    assert np.isfinite(losses[:, :-1]).all()
    alone = LocalTrainer(specification, x, y, starts[1])
    with pytest.raises(Diverged, match=f"after {stack.iteration} iterations"):
        alone.run(2000)
    assert same_state(stack.checkpoint(1), alone.checkpoint())
    rest = StackedTrainer(specification, x, y, [stack.checkpoint(0), stack.checkpoint(2)])
    np.testing.assert_array_equal(rest.run(2000), 0.0)
    assert rest.finished


def test_losses_that_are_finite_go_on_even_where_their_sum_is_not():
    specification, x, y, starts = exploding()
    for one in starts:
        one.parameters[:] = 1.0, 1.2e154  # b² = 1.44e308, and twice that is beyond the floats
    stack = StackedTrainer(specification, x, y, starts)
    assert stack.run(1).shape == (3, 1)
    assert stack.iteration == 1


def with_(**choices):
    defaults = {"sizes": (2, 3, 1), "activations": ("tanh", "sigmoid")}
    return TrainingConfig(**{**defaults, **choices})


@pytest.mark.parametrize(
    ("specification", "samples", "networks"),
    [
        (with_(), 4, 16),
        (with_(batch_size=4), 4, 16),
        (with_(sizes=(2, 16, 1)), 200, 8),
        (with_(sizes=(2, 64, 64, 1), activations=("tanh", "tanh", "sigmoid")), 1000, 1),
        (with_(sizes=(2, 500, 1)), 4, 8),
        (with_(sizes=(2, 3000, 1)), 1, 1),  # 12001 parameters
        (with_(batch_size=2), 4, 1),
        (with_(validation_fraction=0.5), 4, 1),
        (with_(early_stopping=EarlyStopping()), 4, 1),
        (with_(sizes=(2, 3, 2), activations=("tanh", "softmax")), 4, 1),
        (with_(loss="squared_sum"), 4, 1),
    ],
)
def test_what_is_small_and_whole_and_unwatched_is_stacked_and_nothing_else(
    specification, samples, networks
):
    assert stack_size(specification, samples) == networks
    if networks == 1:
        x = np.zeros((samples, 2))
        y = np.zeros((samples, specification.sizes[-1]))
        with pytest.raises(OutOfDomain, match="cannot be stacked"):
            StackedTrainer(specification, x, y, [start(specification, 0)])


def test_what_does_not_fit_is_refused_as_alone():
    asked = question("tanh", "sigmoid", "squared", (2, 3, 1), 4)
    specification = specified(asked)
    alone = begun(asked, specification)
    stack = StackedTrainer(specification, asked.x, asked.y, [alone.checkpoint()])
    assert len(stack) == 1
    with pytest.raises(ValueError, match="3 samples"):
        StackedTrainer(specification, asked.x[:3], asked.y, [alone.checkpoint()])
