"""The toy sets have the geometry their descriptions promise."""

import hashlib
import os
import platform
import subprocess
import sys

import mpmath
import numpy as np
import pytest
import sklearn.datasets
from hypothesis import given
from hypothesis import strategies as st

from core.datasets import DATASETS, LINE_NORMAL, MARGIN, SPIRAL_TURNS, dataset
from core.errors import NotFinite, OutOfDomain, UnknownName
from core.nn.elementary.circle import points_of_circle

NAMES = st.sampled_from(sorted(DATASETS))
SEEDS = st.integers(0, 2**32)


def made(name, samples=100, noise=0.0, seed=0, classes=2):
    return dataset(name).make(samples, noise, np.random.default_rng(seed), classes)


def in_order(points):
    return points[np.lexsort(points.T)]


def of_class(label, x, y):
    return x[y[:, 0] == label]


@given(name=NAMES, samples=st.integers(2, 60), noise=st.floats(0, 10), seed=SEEDS)
def test_a_seed_determines_every_number(name, samples, noise, seed):
    once, again = (made(name, samples, noise, seed) for _ in range(2))
    np.testing.assert_array_equal(once[0], again[0])
    np.testing.assert_array_equal(once[1], again[1])


@given(name=NAMES, samples=st.integers(2, 200), seed=SEEDS)
def test_two_classes_are_zeros_and_ones_balanced_to_within_one(name, samples, seed):
    x, y = made(name, samples, 0.1, seed)
    assert x.shape == (samples, 2)
    assert y.shape == (samples, 1)
    zeros, ones = np.sum(y == 0.0), np.sum(y == 1.0)
    assert zeros + ones == samples
    assert abs(zeros - ones) <= 1


@given(classes=st.integers(3, 10), extra=st.integers(0, 50), seed=SEEDS)
def test_more_classes_are_one_hot_and_balanced_to_within_one(classes, extra, seed):
    _, y = made("blobs", classes + extra, 0.1, seed, classes)
    assert y.shape == (classes + extra, classes)
    np.testing.assert_array_equal(np.sort(y, axis=1)[:, :-1], 0.0)
    np.testing.assert_array_equal(y.sum(axis=1), 1.0)
    assert np.ptp(y.sum(axis=0)) <= 1


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_rows_come_in_no_order_of_their_class(name):
    _, y = made(name, 100)
    assert len(np.unique(y[:50])) == len(np.unique(y[50:])) == 2
    assert not np.array_equal(y, made(name, 100, seed=1)[1])


def test_rows_of_x_and_y_stay_together():
    x, y = made("blobs", 90, 0.0, classes=3)
    angles = 2 * np.pi * y.argmax(axis=1) / 3
    np.testing.assert_allclose(x, np.column_stack([np.cos(angles), np.sin(angles)]), atol=1e-15)


@pytest.mark.parametrize("samples", [2, 3, 50, 101])
@pytest.mark.parametrize(
    ("name", "peer"),
    [
        ("moons", lambda n: sklearn.datasets.make_moons(n)),
        ("circles", lambda n: sklearn.datasets.make_circles(n, factor=0.5)),
    ],
)
def test_moons_and_circles_are_scikit_learns(name, peer, samples):
    x, y = made(name, samples)
    their_x, their_y = peer(samples)
    for label in (0, 1):
        np.testing.assert_allclose(
            in_order(of_class(label, x, y).round(12)),
            in_order(their_x[their_y == label].round(12)),
            atol=1e-12,
        )


def test_circles_have_the_radii_one_and_one_half():
    x, y = made("circles", 101)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1.0 - 0.5 * y[:, 0], rtol=1e-15)


@given(samples=st.integers(2, 300), seed=SEEDS)
def test_xor_is_one_where_the_signs_differ(samples, seed):
    x, y = made("xor", samples, 0.0, seed)
    np.testing.assert_array_equal(y[:, 0], (x[:, 0] > 0) != (x[:, 1] > 0))
    assert np.abs(x).min() >= MARGIN
    assert np.abs(x).max() <= 1.0


def test_xor_fills_all_four_quadrants_alike():
    x, _ = made("xor", 100)
    _, counts = np.unique(np.sign(x), axis=0, return_counts=True)
    np.testing.assert_array_equal(counts, 25)


def test_no_line_separates_xor():
    # Least squares finds no better than chance, because the product of the coordinates decides.
    x, y = made("xor", 4000)
    assert abs(np.corrcoef(x[:, 0], y[:, 0])[0, 1]) < 0.05
    assert np.corrcoef(x.prod(axis=1), y[:, 0])[0, 1] < -0.7


@given(samples=st.integers(2, 300), seed=SEEDS)
def test_linear_is_separated_by_its_line_with_the_margin(samples, seed):
    x, y = made("linear", samples, 0.0, seed)
    distance = x @ np.array(LINE_NORMAL)
    np.testing.assert_array_equal(y[:, 0], distance > 0)
    assert np.abs(distance).min() >= MARGIN - 1e-15


@pytest.mark.parametrize("samples", [2, 7, 200])
def test_the_radius_of_a_spiral_is_proportional_to_its_angle(samples):
    x, y = made("spirals", samples)
    radius = np.linalg.norm(x, axis=1)
    angle = np.arctan2(x[:, 1], x[:, 0]) - np.pi * y[:, 0]
    turns = 2 * np.pi * SPIRAL_TURNS * radius - angle
    np.testing.assert_allclose(np.cos(turns), 1.0, atol=1e-12)


def test_one_arm_of_the_spirals_is_the_other_turned_by_half_a_turn():
    x, y = made("spirals", 200)
    zero, one = of_class(0, x, y), of_class(1, x, y)
    np.testing.assert_allclose(in_order((-one).round(12)), in_order(zero.round(12)), atol=1e-12)


@given(name=NAMES, noise=st.floats(0.01, 100))
def test_noise_is_a_standard_deviation(name, noise):
    # The variance of N normal numbers has the relative standard deviation sqrt(2/N).
    samples = 5000
    generators = np.random.default_rng(3), np.random.default_rng(3)
    clean, noisy = (
        dataset(name).make(samples, sigma, generator)[0]
        for sigma, generator in zip((0.0, noise), generators, strict=True)
    )
    assert abs(np.var(noisy - clean) / noise**2 - 1.0) < 5 * np.sqrt(2 / (2 * samples))


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"no dataset 'iris'; there are moons, circles, xor") as e:
        dataset("iris")
    assert e.value.place == ("name",)


@pytest.mark.parametrize(
    ("question", "place", "sentence"),
    [
        ({"samples": 1}, "samples", "samples is 1, but 2 classes need at least 2"),
        ({"samples": 3, "classes": 4}, "samples", "samples is 3, but 4 classes need at least 4"),
        ({"noise": -0.1}, "noise", "noise is -0.1, expected a number of at least 0"),
        ({"noise": float("nan")}, "noise", "noise is nan, expected a number of at least 0"),
        ({"noise": float("inf")}, "noise", "noise is inf, expected a number of at least 0"),
        ({"classes": 11}, "classes", "blobs has 2 to 10 classes, got 11"),
        ({"classes": 1}, "classes", "blobs has 2 to 10 classes, got 1"),
    ],
)
def test_a_wrong_number_is_named_with_its_place(question, place, sentence):
    with pytest.raises(OutOfDomain) as e:
        made("blobs", **question)
    assert str(e.value) == sentence
    assert e.value.place == (place,)


def test_only_blobs_have_more_than_two_classes():
    with pytest.raises(OutOfDomain, match="moons has 2 classes, got 3"):
        made("moons", classes=3)


def test_noise_beyond_the_floating_point_numbers_is_refused():
    with pytest.raises(NotFinite, match="beyond what a float can hold") as e:
        made("moons", noise=1.7e308)
    assert e.value.place == ("noise",)


# A change of it changes what every seed means.
DIGEST = "e79f2b02a7012aaf0c4855fc5880bcf3f324e20b32147ef44140c98d566672b1"


def digest():
    """Of every toy set, as a client may ask for it."""
    total = hashlib.sha256()
    for name in sorted(DATASETS):
        for part in made(name, 101, 0.1, seed=3):
            total.update(part.tobytes())
    return total.hexdigest()


def test_a_seed_means_the_same_bits_everywhere():
    assert digest() == DIGEST


@pytest.mark.skipif(platform.machine() != "x86_64", reason="names of x86 instructions")
def test_a_processor_with_fewer_instructions_draws_the_same_bits():
    fewer = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"}
    code = "import sys; sys.path[:0] = sys.argv[1:]; from test_datasets import digest; "
    done = subprocess.run(
        [sys.executable, "-c", code + "print(digest())", *sys.path],
        env=os.environ | fewer,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == DIGEST


def test_points_of_the_circle_have_every_digit():
    turns = np.concatenate([np.arange(-12, 13) / 4.0, np.linspace(-2.0, 2.0, 333)])
    points = points_of_circle(turns)
    with mpmath.workdps(40):
        for turn, point in zip(turns, points, strict=True):
            angle = 2 * mpmath.pi * mpmath.mpf(float(turn))
            for ours, exact in zip(point, (mpmath.cos(angle), mpmath.sin(angle)), strict=True):
                assert abs(mpmath.mpf(float(ours)) - exact) <= 2.0**-52
    np.testing.assert_array_equal(np.abs(points[:25]), np.abs(points[:25].round()))
