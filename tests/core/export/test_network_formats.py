"""Every exported network, run in the software it is for, gives what the network gives."""

import shutil

import numpy as np
import pytest
from foreign_runs import NEEDS, RUNNERS
from random_networks import question

from core.errors import TooLong
from core.export.file_format import by_media_type
from core.export.network.formats import NETWORK_FORMATS
from core.neural_network import NeuralNetwork
from core.nn.activations import ACTIVATIONS

EXACT = {"npz", "safetensors"}
ROUNDING = 1e-14
COMMANDS = {"c99": "gcc", "javascript": "node"}


@pytest.fixture
def run(tmp_path):
    """Write a network in a format and run it at x, where the software is installed."""

    def run_in(name, network, x):
        if name in NEEDS:
            pytest.importorskip(NEEDS[name], reason=f"{NEEDS[name]} is not installed")
        if name in COMMANDS and not shutil.which(COMMANDS[name]):
            pytest.skip(f"{COMMANDS[name]} is not installed")
        return RUNNERS[name](NETWORK_FORMATS[name].write(network), x, tmp_path)

    return run_in


def test_every_format_is_run():
    assert NETWORK_FORMATS.keys() == RUNNERS.keys()


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("name", sorted(NETWORK_FORMATS))
def test_an_export_gives_the_outputs_of_the_network(run, name, activation):
    coupled = ACTIVATIONS[activation].couples_units
    asked = question("tanh" if coupled else activation, activation, "squared", (3, 5, 4, 2))
    x = np.concatenate([asked.x, 40.0 * asked.x, np.zeros((1, 3))])
    expected = asked.network.forward(x).output
    outputs = run(name, asked.network, x)
    assert outputs.shape == expected.shape
    if name in EXACT:
        assert outputs.tobytes() == expected.tobytes()
    else:
        scale = np.abs(expected).max(axis=0)
        assert (np.abs(outputs - expected) <= ROUNDING * scale).all()


@pytest.mark.parametrize("name", sorted(NETWORK_FORMATS))
def test_numbers_at_the_ends_of_the_floats_survive(run, name):
    tiny = float(np.nextafter(0.0, 1.0))
    network = NeuralNetwork.from_parameters(
        [[[1.0, -0.0], [tiny, 1e300]]], [[0.1, -2.2250738585072014e-308]], "identity"
    )
    x = np.array([[1.0, 0.0], [0.0, 1e8], [-3.0, 0.5]])
    assert (run(name, network, x) == network.forward(x).output).all()


@pytest.mark.parametrize("name", ["onnx", "npz", "safetensors", "python", "pytorch"])
def test_a_network_in_float32_stays_one(run, name):
    network = question("sigmoid", "softplus", "squared").network.astype(np.float32)
    x = np.linspace(-3, 3, 12, dtype=np.float32).reshape(4, 3)
    outputs = run(name, network, x)
    assert outputs.dtype == np.float32
    assert outputs == pytest.approx(network.forward(x).output, rel=1e-6)


@pytest.mark.parametrize("name", sorted(NETWORK_FORMATS))
def test_the_same_network_is_the_same_bytes(name):
    file_format = NETWORK_FORMATS[name]
    if not file_format.is_available:
        pytest.skip(f"{file_format.package} is not installed")
    network = question("softplus", "leaky_relu", "squared").network
    assert file_format.write(network) == file_format.write(network)


def test_source_code_is_of_bounded_length():
    network = NeuralNetwork.from_sizes((1001, 1001), "relu", np.random.default_rng(0))
    for name in ("c99", "python", "python_stdlib", "javascript", "pytorch"):
        with pytest.raises(TooLong, match="npz"):
            NETWORK_FORMATS[name].write(network)
    assert len(NETWORK_FORMATS["npz"].write(network)) > 8 * 1001 * 1001


def test_a_media_type_stands_for_the_first_format_that_has_it():
    assert by_media_type(NETWORK_FORMATS)["text/x-python"] == "python"
