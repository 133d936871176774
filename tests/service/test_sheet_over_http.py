"""The exercise sheet's Task 5 over HTTP, with every digit it prints."""

import numpy as np
import pytest


@pytest.fixture(scope="module")
def forward(client, sheet):
    return client.post("/forward", json=sheet).json()


@pytest.fixture(scope="module")
def backprop(client, sheet):
    return client.post("/backprop", json=sheet | {"y": [0, 1]}).json()


@pytest.mark.parametrize(
    ("quantity", "printed", "decimals"),
    [
        (lambda answer: answer["layers"][0]["s"], [-0.1, -2.4, 2.2], 1),
        (lambda answer: answer["layers"][0]["x"], [0.48, 0.08, 0.90], 2),
        (lambda answer: answer["layers"][1]["x"], [0.45, 0.74], 2),
        (lambda answer: answer["output"], [0.45, 0.74], 2),
    ],
)
def test_forward_prints_the_digits_of_the_sheet(forward, quantity, printed, decimals):
    np.testing.assert_array_equal(np.round(quantity(forward), decimals), printed)


@pytest.mark.parametrize(
    ("quantity", "printed", "decimals"),
    [
        (lambda layers: layers[1]["x"] - np.array([0.0, 1.0]), [0.45, -0.26], 2),
        (lambda layers: layers[1]["x"] * (1.0 - np.array(layers[1]["x"])), [0.25, 0.19], 2),
        (
            lambda layers: layers[1]["weights_gradient"],
            [[0.05, 0.01, 0.10], [-0.02, -0.00, -0.05]],
            2,
        ),
        (lambda layers: layers[1]["biases_gradient"], [0.11, -0.05], 2),
        (
            lambda layers: layers[0]["weights_gradient"],
            [[0.010, 0.019], [0.001, 0.001], [-0.000, -0.001]],
            3,
        ),
        (lambda layers: layers[0]["biases_gradient"], [0.010, 0.001, -0.000], 3),
    ],
)
def test_backprop_prints_the_digits_of_the_sheet(backprop, quantity, printed, decimals):
    np.testing.assert_array_equal(np.round(quantity(backprop["layers"]), decimals), printed)


def test_the_loss_of_the_sheet_is_half_the_squared_distance(backprop):
    # ½ ((0.446874 - 0)² + (0.735475 - 1)²) = ½ (0.199697 + 0.069974) = 0.134835
    assert backprop["loss"] == pytest.approx(0.134835, abs=5e-7)


def test_the_gradient_check_finds_the_sheet_right(client, sheet):
    question = sheet | {"y": [0, 1], "gradient_check": True}
    check = client.post("/backprop", json=question).json()["gradient_check"]
    assert check["max_relative_error"] < 1e-12  # a complex step has no cancellation
    assert check["kinks"] == []


def test_a_sample_of_many_gives_the_digits_it_gives_alone(client, sheet, forward):
    many = client.post("/forward", json=sheet | {"x": [[5, -5], sheet["x"], [0, 0]]}).json()
    np.testing.assert_allclose(many["output"][1], forward["output"], rtol=1e-15)
    for together, alone in zip(many["layers"], forward["layers"], strict=True):
        np.testing.assert_allclose(together["s"][1], alone["s"], rtol=1e-15)
        np.testing.assert_allclose(together["x"][1], alone["x"], rtol=1e-15)
