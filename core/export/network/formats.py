"""The table of formats in which a network is written, and of those that are read."""

from collections.abc import Callable, Mapping

from core.export.file_format import FileFormat
from core.export.network.c99 import write_c99
from core.export.network.javascript import write_javascript
from core.export.network.npz import read_npz, write_npz
from core.export.network.numpy_source import write_numpy
from core.export.network.onnx import write_onnx
from core.export.network.onnx_reader import read_onnx
from core.export.network.pytorch import write_pytorch
from core.export.network.safetensors import read_safetensors, write_safetensors
from core.export.network.stdlib_source import write_stdlib
from core.neural_network import NeuralNetwork

PYTHON = "text/x-python"

NETWORK_FORMATS: Mapping[str, FileFormat[NeuralNetwork]] = {
    "npz": FileFormat("application/x-npz", "npz", write_npz),
    "safetensors": FileFormat(
        "application/x-safetensors", "safetensors", write_safetensors, "safetensors"
    ),
    "onnx": FileFormat("application/x-onnx", "onnx", write_onnx, "onnx"),
    "c99": FileFormat("text/x-c", "h", write_c99),
    "python": FileFormat(PYTHON, "py", write_numpy),
    "python_stdlib": FileFormat(PYTHON, "py", write_stdlib),
    "javascript": FileFormat("text/javascript", "mjs", write_javascript),
    "pytorch": FileFormat(PYTHON, "py", write_pytorch),
}

NETWORK_READERS: Mapping[str, Callable[[bytes], NeuralNetwork]] = {
    "npz": read_npz,
    "safetensors": read_safetensors,
    "onnx": read_onnx,
}
"""By the names of `NETWORK_FORMATS`."""
