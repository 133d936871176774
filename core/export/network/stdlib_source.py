"""A network as a Python module that needs nothing but Python."""

from core.export.network.source_text import bracketed, python_module, require_short
from core.neural_network import NeuralNetwork
from core.nn.activations import LEAK

TEMPLATE = '''\
"""A {shape} network: `predict(x)` for one sample x of {inputs} numbers."""

from math import exp, log1p, tanh as tanh_of


{functions}


LAYERS = [
{layers}
]
"""Weights with one row per unit, biases, activation."""


def predict(x):
    """The {outputs} outputs, as a list."""
    for weights, biases, activation in LAYERS:
        x = activation(
            [
                sum(w * value for w, value in zip(row, x, strict=True)) + bias
                for row, bias in zip(weights, biases, strict=True)
            ]
        )
    return x
'''
FUNCTIONS = {
    "identity": """
def identity(s):
    return s
""",
    "relu": """
def relu(s):
    return [max(value, 0.0) for value in s]
""",
    "leaky_relu": f"""
def leaky_relu(s):
    return [value if value > 0.0 else {LEAK!r} * value for value in s]
""",
    # The exponent is never above 0: math.exp raises an error where the result overflows.
    "sigmoid": """
def sigmoid(s):
    return [
        1.0 / (1.0 + exp(-value)) if value >= 0.0 else exp(value) / (1.0 + exp(value))
        for value in s
    ]
""",
    "tanh": """
def tanh(s):
    return [tanh_of(value) for value in s]
""",
    "softplus": """
def softplus(s):
    return [max(value, 0.0) + log1p(exp(-abs(value))) for value in s]
""",
    "softmax": """
def softmax(s):
    largest = max(s)
    powers = [exp(value - largest) for value in s]
    total = sum(powers)
    return [power / total for power in powers]
""",
}


def write_stdlib(network: NeuralNetwork) -> bytes:
    """The module, which computes in double precision; raises `TooLong`."""
    require_short(network)
    layers = "\n".join(
        f"    (\n    {bracketed(layer.weights)},\n    {bracketed(layer.biases)},\n"
        f"    {layer.activation.name},\n    ),"
        for layer in network.layers
    )
    return python_module(TEMPLATE, network, FUNCTIONS, layers)
