"""Accuracy is scikit-learn's, where there are classes."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import SEEDS

from core.nn.activations import ACTIVATIONS, SIGMOID, SOFTMAX
from core.nn.metrics import accuracy

EXAMPLES = 30
"""Of a law that is checked for each entry of a table."""


@given(samples=st.integers(1, 50), seed=SEEDS)
def test_one_output_says_class_one_above_one_half(samples, seed):
    generator = np.random.default_rng(seed)
    output, y = generator.uniform(size=(samples, 1)), generator.integers(2, size=(samples, 1)) * 1.0
    theirs = sklearn.metrics.accuracy_score(y[:, 0], output[:, 0] > 0.5)
    assert accuracy(SIGMOID, output, y) == pytest.approx(theirs)


@pytest.mark.parametrize("activation", [SIGMOID, SOFTMAX])
@settings(max_examples=EXAMPLES)
@given(samples=st.integers(1, 50), classes=st.integers(2, 5), seed=SEEDS)
def test_the_largest_of_several_outputs_names_the_class(activation, samples, classes, seed):
    generator = np.random.default_rng(seed)
    output = generator.dirichlet(np.ones(classes), size=samples)
    labels = generator.integers(classes, size=samples)
    theirs = sklearn.metrics.accuracy_score(labels, output.argmax(axis=1))
    assert accuracy(activation, output, np.eye(classes)[labels]) == pytest.approx(theirs)


@pytest.mark.parametrize("name", sorted(set(ACTIVATIONS) - {"sigmoid", "softmax"}))
def test_without_probabilities_there_are_no_classes(name):
    assert accuracy(ACTIVATIONS[name], np.array([[0.9]]), np.array([[1.0]])) is None


@pytest.mark.parametrize("y", [[[0.3]], [[0.5, 0.5]], [[1.0, 1.0]], [[0.0, 0.0]]])
def test_targets_that_are_no_classes_have_no_accuracy(y):
    y = np.array(y)
    assert accuracy(SIGMOID, np.full_like(y, 0.9), y) is None


def test_exactly_one_half_is_class_zero():
    assert accuracy(SIGMOID, np.array([[0.5]]), np.array([[0.0]])) == 1.0
