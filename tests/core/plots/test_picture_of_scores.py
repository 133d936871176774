"""Confusion matrix, ROC curves and residuals show the numbers they are given."""

import numpy as np
import pytest

from core.errors import OutOfDomain
from core.plots import NamedRoc, confusion_matrix, render, residuals, roc_curves
from core.tables.evaluation import RocCurve

COUNTS = np.array([[12, 0, 3], [1, 8, 0], [0, 2, 1234]])


def test_every_count_is_written_in_its_cell():
    axes = confusion_matrix(COUNTS, ["a", "$b$", "a long name of a class"]).axes[0]
    written = {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text()
        for text in axes.texts
    }
    assert written == {place: f"{count:,}" for place, count in np.ndenumerate(COUNTS)}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "$b$", "a long name o…"]
    assert (axes.get_ylabel(), axes.get_xlabel()) == ("class", "predicted class")


def test_a_cell_is_white_without_rows_and_its_own_colour_with_all_of_them():
    (image,) = confusion_matrix(np.array([[5, 0], [5, 0]]), ["a", "b"]).axes[0].images
    right, none, wrong, _ = image.get_array().reshape(4, 3)
    assert none.tolist() == [1.0, 1.0, 1.0]
    assert right[2] > right[0]  # blue
    assert wrong[0] > wrong[2]  # vermillion


def test_many_classes_have_no_room_for_numbers():
    axes = confusion_matrix(np.eye(40, dtype=int), [str(k) for k in range(40)]).axes[0]
    assert not axes.texts


def test_a_curve_goes_through_its_points_and_names_its_area():
    curve = RocCurve(np.array([0.0, 0.25, 1.0]), np.array([0.0, 0.75, 1.0]))
    axes = roc_curves([NamedRoc("yes", curve, 0.75)]).axes[0]
    drawn = axes.lines[0]
    assert drawn.get_xydata().tolist() == [[0, 0], [0.25, 0.75], [1, 1]]
    assert drawn.get_label() == "yes, area 0.750"


def test_of_many_curves_those_with_the_smallest_areas_are_drawn():
    curve = RocCurve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    curves = [NamedRoc(str(k), curve, k / 20) for k in range(20)]
    labels = [line.get_label() for line in roc_curves(curves[::-1]).axes[0].lines]
    assert [label.split(",")[0] for label in labels[:-1]] == [str(k) for k in range(11, -1, -1)]


def test_a_residual_is_the_prediction_less_the_target():
    y, output = np.array([[1.0], [2.0], [4.0]]), np.array([[1.5], [2.0], [3.0]])
    axes = residuals(y, output, ["price"]).axes[0]
    offsets = axes.collections[0].get_offsets()
    assert offsets.tolist() == [[1.5, 0.5], [2.0, 0.0], [3.0, -1.0]]
    assert axes.get_xlabel() == "predicted price"
    rmse = np.sqrt(np.mean((output - y) ** 2))
    levels = sorted(line.get_ydata()[0] for line in axes.lines)
    assert levels == pytest.approx([-rmse, 0.0, rmse])


@pytest.mark.parametrize(("targets", "panels"), [(1, 2), (4, 8), (5, 8)])
def test_up_to_four_targets_are_drawn(targets, panels):
    y = np.arange(6.0)[:, np.newaxis] * np.ones(targets)
    names = [f"t{number}" for number in range(targets)]
    assert len(residuals(y, y + 0.1, names).axes) == panels


def test_errors_are_counted_in_thirty_bins_from_the_least_to_the_largest():
    error = np.linspace(-1.0, 2.0, 300)
    y = np.ones((300, 1))
    bars = residuals(y, y + error[:, np.newaxis], ["price"]).axes[1].patches
    assert len(bars) == 30
    assert sum(bar.get_width() for bar in bars) == 300
    assert bars[0].get_y() == -1.0
    assert bars[-1].get_y() + bars[-1].get_height() == pytest.approx(2.0)
    assert [bar.get_height() for bar in bars] == pytest.approx([0.1] * 30)


@pytest.mark.parametrize("value", [0.0, 1e-300, 1e99])
def test_any_residuals_are_drawn(value):
    y = np.full((3, 1), value)
    assert render(residuals(y, np.zeros((3, 1)), ["y"]), "svg").startswith(b"<?xml")


def test_numbers_beyond_the_picture_are_refused():
    with pytest.raises(OutOfDomain):
        residuals(np.array([[1e200]]), np.array([[0.0]]), ["y"])
