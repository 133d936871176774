"""Scores are those of scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from core.tables.evaluation import class_scores, number_scores, roc_area, roc_curve


@given(st.integers(0, 2**32), st.integers(2, 5))
def test_scores_of_classes_are_those_of_scikit_learn(seed, classes):
    generator = np.random.default_rng(seed)
    codes = np.append(np.arange(classes), generator.integers(0, classes, 40))
    probabilities = generator.dirichlet(np.ones(classes), len(codes)).round(2)  # with ties
    predicted = probabilities.argmax(axis=1)
    scores = class_scores(codes, predicted, probabilities)
    np.testing.assert_array_equal(scores.confusion, metrics.confusion_matrix(codes, predicted))
    assert scores.accuracy == metrics.accuracy_score(codes, predicted)
    precision, recall, *_ = metrics.precision_recall_fscore_support(
        codes, predicted, labels=range(classes), zero_division=np.nan
    )
    np.testing.assert_allclose(scores.precision, precision)
    np.testing.assert_allclose(scores.recall, recall)
    for k in range(classes):
        expected = metrics.roc_auc_score(codes == k, probabilities[:, k])
        assert scores.area[k] == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 2**32))
def test_the_area_under_the_curve_is_the_area(seed):
    generator = np.random.default_rng(seed)
    positive = np.append([True, False], generator.random(100) < 0.3)
    scores = generator.normal(size=102).round(1) + positive
    curve = roc_curve(positive, scores)
    x, y = curve.false_positive_rate, curve.true_positive_rate
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(y, x) == pytest.approx(roc_area(positive, scores), abs=1e-12)


def test_a_long_curve_is_thinned_to_its_ends():
    positive = np.arange(5000) % 3 == 0
    curve = roc_curve(positive, np.random.default_rng(0).random(5000))
    assert len(curve.false_positive_rate) == 200
    assert curve.true_positive_rate[-1] == curve.false_positive_rate[-1] == 1.0


def test_without_rows_of_a_class_there_is_no_area():
    assert np.isnan(roc_area(np.array([True, True]), np.array([0.1, 0.2])))


def test_scores_of_numbers_are_those_of_scikit_learn():
    generator = np.random.default_rng(1)
    y, output = generator.normal(size=(2, 30, 2))
    scores = number_scores(y, output)
    for k in range(2):
        assert scores.r2[k] == pytest.approx(metrics.r2_score(y[:, k], output[:, k]))
        expected = metrics.mean_absolute_error(y[:, k], output[:, k])
        assert scores.mean_absolute_error[k] == pytest.approx(expected)
        expected = metrics.root_mean_squared_error(y[:, k], output[:, k])
        assert scores.root_mean_squared_error[k] == pytest.approx(expected)
    assert np.isnan(number_scores(np.ones((3, 1)), np.zeros((3, 1))).r2[0])
