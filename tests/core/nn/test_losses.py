"""Each loss is its formula, its gradient autograd's, and its stable form the same number."""

import autograd_network
import numpy as np
import pytest
import scipy.special
import sklearn.metrics
from autograd import elementwise_grad, grad
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import EVERY, SEEDS, outputs_for

from core.errors import OutOfDomain, UnknownName
from core.nn.activations import ACTIVATIONS, SOFTMAX
from core.nn.losses import (
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    LOSSES,
    SQUARED,
    get_loss,
)

EXAMPLES = 30
"""Of a law that is checked for each entry of a table."""
SHAPES = st.tuples(st.integers(1, 5), st.integers(2, 5))


def drawn(shape, seed):
    """Outputs and targets, both distributions."""
    generator = np.random.default_rng(seed)
    return [generator.dirichlet(np.ones(shape[1]), size=shape[0]) for _ in range(2)]


@pytest.mark.parametrize("name", sorted(LOSSES))
@settings(max_examples=EXAMPLES)
@given(shape=SHAPES, seed=SEEDS)
def test_the_gradient_is_autograds(name, shape, seed):
    output, y = drawn(shape, seed)
    theirs = elementwise_grad(autograd_network.LOSSES[name])(output, y)
    np.testing.assert_allclose(LOSSES[name].gradient(output, y), theirs, rtol=1e-12)


@given(shape=SHAPES, seed=SEEDS)
def test_squared_is_half_the_sum_of_squares(shape, seed):
    output, y = drawn(shape, seed)
    theirs = sklearn.metrics.mean_squared_error(y.T, output.T, multioutput="raw_values")
    np.testing.assert_allclose(SQUARED.value(output, y), shape[1] / 2 * theirs, rtol=1e-12)


@given(shape=SHAPES, seed=SEEDS)
def test_cross_entropy_exceeds_the_entropy_of_y_by_the_relative_entropy(shape, seed):
    output, y = drawn(shape, seed)
    excess = scipy.special.rel_entr(y, output).sum(axis=-1)
    entropy = scipy.special.entr(y).sum(axis=-1)
    np.testing.assert_allclose(CROSS_ENTROPY.value(output, y), entropy + excess, rtol=1e-12)


@given(shape=SHAPES, seed=SEEDS)
def test_with_classes_the_cross_entropies_are_scikit_learns_log_loss(shape, seed):
    output, _ = drawn(shape, seed)
    labels = np.random.default_rng(seed).integers(shape[1], size=shape[0])
    y = np.eye(shape[1])[labels]
    theirs = sklearn.metrics.log_loss(labels, output, labels=range(shape[1]))
    assert CROSS_ENTROPY.value(output, y).mean() == pytest.approx(theirs, rel=1e-12)
    each = [sklearn.metrics.log_loss(y[:, k], output[:, k], labels=(0, 1)) for k in range(shape[1])]
    assert BINARY_CROSS_ENTROPY.value(output, y).mean() == pytest.approx(sum(each), rel=1e-12)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("loss", sorted(LOSSES))
@settings(max_examples=EXAMPLES)
@given(shape=SHAPES, seed=SEEDS)
def test_from_s_they_are_the_same_numbers(loss, name, shape, seed):
    loss, activation = LOSSES[loss], ACTIVATIONS[name]
    s = np.random.default_rng(seed).uniform(0.05, 0.5, size=shape)
    _, y = drawn(shape, seed)
    output = activation.value(s)
    with np.errstate(divide="ignore"):
        losses, delta = loss.value_of_s(activation, s, y), loss.delta(activation, s, y)
    np.testing.assert_allclose(losses, loss.value(output, y), rtol=1e-9)
    np.testing.assert_allclose(
        delta,
        activation.vjp(loss.gradient(output, y), s),
        rtol=1e-9,
        atol=1e-13,
    )


@pytest.mark.parametrize("name", ["sigmoid", "softmax", "softplus"])
@pytest.mark.parametrize("loss", [BINARY_CROSS_ENTROPY, CROSS_ENTROPY])
def test_a_loss_is_finite_where_the_output_underflows(loss, name):
    activation = ACTIVATIONS[name]
    s, y = np.array([[-800.0, 0.3]]), np.array([[1.0, 0.0]])
    with np.errstate(all="ignore"):
        assert activation.value(s)[0, 0] == 0.0
        # With softmax, binary cross-entropy has the other output's log(1 - ŷ) too.
        assert 799.0 < loss.value_of_s(activation, s, y)[0] < 1602.0
        assert np.isfinite(loss.delta(activation, s, y)).all()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_training_is_refused_whose_outputs_can_leave_the_domain(loss, name):
    fitting = name in outputs_for(loss) or (loss, name) == ("cross_entropy", "relu")
    if fitting:
        LOSSES[loss].require_range(ACTIVATIONS[name])
    else:
        with pytest.raises(OutOfDomain, match=f"{loss} needs every output in .*{name} can leave"):
            LOSSES[loss].require_range(ACTIVATIONS[name], ("loss",))


@given(seed=SEEDS, total=st.floats(0.1, 10.0))
def test_targets_of_softmax_need_not_sum_to_one(seed, total):
    s = np.random.default_rng(seed).normal(size=(1, 3))
    y = total * np.random.default_rng(seed).dirichlet(np.ones(3), size=1)

    def loss_of(s):
        return autograd_network.LOSSES["cross_entropy"](autograd_network.softmax(s), y)[0]

    delta = CROSS_ENTROPY.delta(SOFTMAX, s, y)
    np.testing.assert_allclose(delta, grad(loss_of)(s), rtol=1e-9, atol=1e-12)


def test_where_the_target_is_zero_the_logarithm_does_not_count():
    y = np.array([[0.0, 1.0]])
    output = np.array([[0.0, 1.0]])
    for loss in (BINARY_CROSS_ENTROPY, CROSS_ENTROPY):
        np.testing.assert_array_equal(loss.value(output, y), [0.0])
        assert np.isfinite(loss.gradient(output, y)).all()


@given(
    name=st.sampled_from(sorted(LOSSES)),
    stack=st.lists(st.integers(1, 3), max_size=2).map(tuple),
    seed=SEEDS,
)
def test_a_stack_of_outputs_has_a_stack_of_losses(name, stack, seed):
    output = np.random.default_rng(seed).uniform(0.1, 0.9, size=(*stack, 4, 3))
    _, y = drawn((4, 3), seed)
    losses = LOSSES[name].value(output, y)
    assert losses.shape == (*stack, 4)
    for index in np.ndindex(stack):
        np.testing.assert_array_equal(losses[index], LOSSES[name].value(output[index], y))


def test_a_number_outside_the_domain_is_named_with_its_index():
    numbers = np.array([[0.5, 0.5], [0.5, 1.25], [-3.0, 0.5]])
    with pytest.raises(OutOfDomain) as refusal:
        BINARY_CROSS_ENTROPY.require_domain(numbers, "y", ("y",))
    assert str(refusal.value) == (
        "binary_cross_entropy needs every number of y in [0, 1], but y[1, 1] is 1.25"
    )
    assert refusal.value.place == ("y",)
    SQUARED.require_domain(numbers, "y", ("y",))


def test_an_unknown_loss_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName, match="no loss 'hinge'; there are squared, binary_cross"):
        get_loss("hinge")
