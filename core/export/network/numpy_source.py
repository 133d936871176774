"""A network as a Python module that needs NumPy."""

from core.export.network.source_text import bracketed, python_module, require_short
from core.neural_network import NeuralNetwork
from core.nn.activations import LEAK

TEMPLATE = '''\
"""A {shape} network: `predict(x)` for x of ({inputs},) or (samples, {inputs})."""

import numpy as np


{functions}


LAYERS = [
{layers}
]
"""Weights with one row per unit, biases, activation."""


def predict(x):
    """The outputs: ({outputs},), or (samples, {outputs})."""
    x = np.asarray(x, dtype=np.{dtype})
    for weights, biases, activation in LAYERS:
        x = activation(x @ weights.T + biases)
    return x
'''
FUNCTIONS = {
    "identity": """
def identity(s):
    return s
""",
    "relu": """
def relu(s):
    return np.maximum(s, 0.0)
""",
    "leaky_relu": f"""
def leaky_relu(s):
    return np.where(s > 0.0, s, {LEAK!r} * s)
""",
    "sigmoid": """
def sigmoid(s):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-s))
""",
    "tanh": """
def tanh(s):
    return np.tanh(s)
""",
    "softplus": """
def softplus(s):
    return np.maximum(s, 0.0) + np.log1p(np.exp(-np.abs(s)))
""",
    "softmax": """
def softmax(s):
    powers = np.exp(s - np.max(s, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)
""",
}


def write_numpy(network: NeuralNetwork) -> bytes:
    """The module, which computes in the precision of the network; raises `TooLong`."""
    require_short(network)
    dtype = network.layers[0].weights.dtype.name
    layers = "\n".join(
        f"    (\n    np.array({bracketed(layer.weights)}, dtype=np.{dtype}),\n"
        f"    np.array({bracketed(layer.biases)}, dtype=np.{dtype}),\n"
        f"    {layer.activation.name},\n    ),"
        for layer in network.layers
    )
    return python_module(TEMPLATE, network, FUNCTIONS, layers, dtype)
