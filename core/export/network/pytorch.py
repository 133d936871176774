"""A network as Python code that builds a `torch.nn.Sequential` and loads its parameters."""

from core.export.network.source_text import bracketed, require_short, shape_text
from core.neural_network import NeuralNetwork
from core.nn.activations import LEAK

TEMPLATE = '''\
"""A {shape} network as a PyTorch module."""

import torch


def build():
    """A torch.nn.Sequential with the parameters of the network, in {dtype}."""
    network = torch.nn.Sequential(
{modules}
    ).to(torch.{dtype})
    network.load_state_dict(
        {{name: torch.tensor(values, dtype=torch.{dtype}) for name, values in STATE.items()}}
    )
    return network


STATE = {{
{state}
}}
'''
MODULES = {
    "identity": "Identity()",
    "relu": "ReLU()",
    "leaky_relu": f"LeakyReLU({LEAK!r})",
    "sigmoid": "Sigmoid()",
    "tanh": "Tanh()",
    # Beyond the threshold it is taken as linear; e^-40 is nothing beside 40 in double precision.
    "softplus": "Softplus(threshold=40)",
    "softmax": "Softmax(dim=-1)",
}


def write_pytorch(network: NeuralNetwork) -> bytes:
    """The module; its state has the names of the safetensors file. Raises `TooLong`."""
    require_short(network)
    modules = "\n".join(
        f"        torch.nn.Linear({layer.d_in}, {layer.d_out}),\n"
        f"        torch.nn.{MODULES[layer.activation.name]},"
        for layer in network.layers
    )
    state = "\n".join(
        f'    "{2 * number}.weight": {bracketed(layer.weights)},\n'
        f'    "{2 * number}.bias": {bracketed(layer.biases)},'
        for number, layer in enumerate(network.layers)
    )
    dtype = network.layers[0].weights.dtype.name
    return TEMPLATE.format(
        shape=shape_text(network), modules=modules, state=state, dtype=dtype
    ).encode()
