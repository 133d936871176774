"""safetensors: `0.weight`, `0.bias`, `2.weight`, …, as the state of a `torch.nn.Sequential`.

The activations stand in the metadata, as names with commas between. The format holds arrays only:
reading a file executes nothing.
"""

import json
import re

import numpy as np

from core.arrays import Array
from core.errors import InvalidFile
from core.neural_network import NeuralNetwork

NAME = re.compile(r"(\d{1,6})\.(weight|bias)")
HEADER_LENGTH_BYTES = 8


def write_safetensors(network: NeuralNetwork) -> bytes:
    """The parameters bit for bit."""
    from safetensors.numpy import save

    tensors: dict[str, Array] = {}
    for number, layer in enumerate(network.layers):
        # A Sequential counts the activations too, so that layers have the even numbers.
        tensors[f"{2 * number}.weight"] = np.ascontiguousarray(layer.weights)
        tensors[f"{2 * number}.bias"] = np.ascontiguousarray(layer.biases)
    names = ",".join(layer.activation.name for layer in network.layers)
    return save(tensors, {"activations": names})


def read_safetensors(content: bytes) -> NeuralNetwork:
    """The network in such a file; raises `InvalidFile`, and what `NeuralNetwork` refuses."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(content)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise InvalidFile(f"the file is not safetensors: {error}") from None
    activations = _activations(content)
    layers: dict[int, dict[str, Array]] = {}
    for name, tensor in tensors.items():
        found = NAME.fullmatch(name)
        if found is None:
            raise InvalidFile(f"{name[:80]!r} is not a tensor of a network: 0.weight, 0.bias, …")
        if tensor.dtype.kind != "f":
            raise InvalidFile(f"{name} is not a tensor of floats")
        layers.setdefault(int(found[1]), {})[found[2]] = tensor
    ordered = [layers[number] for number in sorted(layers)]
    for layer in ordered:
        if layer.keys() != {"weight", "bias"}:
            raise InvalidFile("every layer needs a weight and a bias")
        if layer["weight"].ndim != 2 or layer["bias"].ndim != 1:
            raise InvalidFile("a weight has two axes, and a bias one")
    weights = [layer["weight"] for layer in ordered]
    dtype = np.float32 if all(w.dtype == np.float32 for w in weights) else np.float64
    return NeuralNetwork.from_parameters(
        weights, [layer["bias"] for layer in ordered], activations, dtype
    )


def _activations(content: bytes) -> list[str]:
    """The names in the metadata of a file whose header is known to be right."""
    length = int.from_bytes(content[:HEADER_LENGTH_BYTES], "little")
    header = json.loads(content[HEADER_LENGTH_BYTES : HEADER_LENGTH_BYTES + length])
    names = header.get("__metadata__", {}).get("activations")
    if names is None:
        raise InvalidFile("the metadata of the file has no activations, such as relu,sigmoid")
    return [name.strip() for name in names.split(",")]
