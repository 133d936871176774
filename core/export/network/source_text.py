"""What the source code of a network consists of in every language: numbers and used activations."""

from collections.abc import Mapping

from core.arrays import Array
from core.errors import TooLong
from core.neural_network import NeuralNetwork

MAX_NUMBERS = 1_000_000
"""Of a source file: 20 MB of text, which compilers and editors still read."""


def require_short(network: NeuralNetwork) -> None:
    """Raise `TooLong` for a network of more than `MAX_NUMBERS` parameters."""
    numbers = sum(layer.weights.size + layer.biases.size for layer in network.layers)
    if numbers > MAX_NUMBERS:
        raise TooLong(
            f"the network has {numbers:,} parameters, and source code holds at most "
            f"{MAX_NUMBERS:,}; take npz, safetensors or onnx",
            ("query", "format"),
        )


def used_functions(network: NeuralNetwork, functions: Mapping[str, str]) -> str:
    """The definitions of the activations that the network has, each one once."""
    used = dict.fromkeys(layer.activation.name for layer in network.layers)
    return "\n\n".join(functions[name].strip("\n") for name in used)


def python_module(
    template: str,
    network: NeuralNetwork,
    functions: Mapping[str, str],
    layers: str,
    dtype: str = "",
) -> bytes:
    """The template of a Python module, filled in; two blank lines are between functions."""
    return template.format(
        shape=shape_text(network),
        inputs=network.sizes[0],
        outputs=network.sizes[-1],
        functions=used_functions(network, functions).replace("\n\n", "\n\n\n"),
        layers=layers,
        dtype=dtype,
    ).encode()


def bracketed(array: Array) -> str:
    """An array of one or two axes with every digit, as Python and JavaScript write it.

    A float32 has the digits of the float64 that it equals.
    """
    if array.ndim == 1:
        return repr(array.tolist())
    return "[\n" + "".join(f"        {row!r},\n" for row in array.tolist()) + "    ]"


def braced(array: Array) -> str:
    """An array of one or two axes as C writes it, in hexadecimal and so exact."""
    if array.ndim == 1:
        return "{" + ", ".join(number.hex() for number in array.tolist()) + "}"
    return "{\n" + ",\n".join(f"    {braced(row)}" for row in array) + "\n}"


def shape_text(network: NeuralNetwork) -> str:
    """The sizes as in 2-16-1."""
    return "-".join(map(str, network.sizes))
