"""A training cut anywhere and continued from its checkpoint is the uncut one, bit for bit."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from random_networks import COMBINATIONS, SEEDS, question
from trainings import OPTIMIZERS, begun, same_state, specified

from core.errors import Diverged
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import EarlyStopping
from core.training.trainer import LocalTrainer
from tests.patience import patience

ITERATIONS = 24


def assert_same_histories(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def joined(histories):
    return {name: np.concatenate([one[name] for one in histories]) for name in histories[0]}


@given(
    combination=st.sampled_from(COMBINATIONS),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    batch_size=st.sampled_from([None, 1, 3, 8]),
    validation_fraction=st.sampled_from([0.0, 0.2]),
    patience=st.sampled_from([None, 2, 1000]),
    precision=st.sampled_from(["float64", "float32"]),
    cuts=st.lists(st.integers(0, ITERATIONS), max_size=4),
    seed=SEEDS,
)
def test_cut_anywhere_and_continued_from_bytes_it_is_the_uncut_training(
    combination, optimizer, batch_size, validation_fraction, patience, precision, cuts, seed
):
    asked = question(*combination, sizes=(3, 5, 2), samples=11, seed=seed)
    specification = specified(
        asked,
        optimizer=OPTIMIZERS[optimizer],
        iterations=ITERATIONS,
        batch_size=batch_size,
        validation_fraction=validation_fraction,
        early_stopping=patience and EarlyStopping(patience=patience, min_delta=1e-3),
        precision=precision,
        seed=seed % 1000,
    )
    uncut = begun(asked, specification)
    try:
        expected = uncut.run(ITERATIONS)
    except Diverged:
        reject()  # there is no last state to be the same

    state, histories = first_checkpoint(specification, asked.network.layers), []
    for end in (*sorted(cuts), ITERATIONS):
        training = LocalTrainer(
            specification, asked.x, asked.y, Checkpoint.from_bytes(state.to_bytes())
        )
        histories.append(training.run(end - training.iteration))
        # What is measured on the way must not be met again on the way on.
        training.loss(), training.accuracy()
        state = training.checkpoint()
        assert training.to_bytes() == state.to_bytes()
    assert_same_histories(joined(histories), expected)
    assert same_state(state, uncut.checkpoint())
    assert training.finished == uncut.finished
    assert training.loss() == uncut.loss()


@given(
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    batch_size=st.sampled_from([None, 4]),
    sizes=st.lists(st.integers(1, ITERATIONS), min_size=1, max_size=10),
)
def test_how_iterations_are_asked_for_changes_no_bit(optimizer, batch_size, sizes):
    asked = question("tanh", "sigmoid", "binary_cross_entropy", samples=9)
    specification = specified(
        asked, optimizer=OPTIMIZERS[optimizer], iterations=ITERATIONS, batch_size=batch_size
    )
    at_once, in_parts = begun(asked, specification), begun(asked, specification)
    expected = at_once.run(ITERATIONS)
    histories = []
    for size in (*sizes, ITERATIONS):
        histories.append(in_parts.run(size))
        in_parts.loss(), in_parts.accuracy()
    assert_same_histories(joined(histories), expected)
    assert same_state(in_parts.checkpoint(), at_once.checkpoint())


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 64])
def test_another_process_continues_bit_for_bit(tmp_path, batch_size, precision):
    asked = question("tanh", "softmax", "cross_entropy", sizes=(10, 70, 33, 3), samples=300)
    choices = {"iterations": 20, "batch_size": batch_size, "precision": precision}
    specification = specified(asked, optimizer=OPTIMIZERS["adam"], **choices)
    uncut = begun(asked, specification)
    uncut.run(20)
    cut = begun(asked, specification)
    cut.run(7)
    np.save(tmp_path / "x.npy", asked.x)
    np.save(tmp_path / "y.npy", asked.y)
    (tmp_path / "checkpoint").write_bytes(cut.checkpoint().to_bytes())
    program = f"""
from pathlib import Path
import numpy as np
from core.training.checkpoint import Checkpoint
from core.training.optimizers import Adam
from core.training.config import TrainingConfig
from core.training.trainer import LocalTrainer
folder = Path({str(tmp_path)!r})
state = Checkpoint.from_bytes((folder / "checkpoint").read_bytes())
x, y = (np.load(folder / name, mmap_mode="r") for name in ("x.npy", "y.npy"))
training = LocalTrainer({specification!r}, x, y, state)
training.run(20)
(folder / "checkpoint").write_bytes(training.checkpoint().to_bytes())
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=patience(60))
    continued = Checkpoint.from_bytes((tmp_path / "checkpoint").read_bytes())
    assert same_state(continued, uncut.checkpoint())


@given(
    iteration=st.integers(0, 10**9),
    best_loss=st.floats(allow_nan=False),
    stale=st.integers(0, 10**6),
    best=st.booleans(),
    dtype=st.sampled_from([np.float64, np.float32]),
    seed=SEEDS,
)
def test_bytes_hold_every_bit(iteration, best_loss, stale, best, dtype, seed):
    bits = np.random.default_rng(seed).bytes(5 * np.dtype(dtype).itemsize)
    parameters = np.frombuffer(bits, dtype)
    state = Checkpoint(
        iteration=iteration,
        parameters=parameters,
        moments=np.stack([parameters, -parameters]),
        best_parameters=parameters[: 5 * best],
        best_loss=best_loss,
        stale=stale,
    )
    read = Checkpoint.from_bytes(state.to_bytes())
    for name, value in vars(state).items():
        assert np.asarray(value).tobytes() == np.asarray(getattr(read, name)).tobytes()
        assert np.asarray(value).shape == np.asarray(getattr(read, name)).shape
    assert read.to_bytes() == state.to_bytes()


def test_before_anything_was_watched_the_network_is_the_latest():
    asked = question("tanh", "identity", "squared")
    specification = specified(asked)
    state = first_checkpoint(specification, asked.network.layers)
    for one, other in zip(state.layers(specification), asked.network.layers, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.biases, other.biases)
