"""NumPy's `.npz`: arrays `weights_1`, `biases_1`, … and the names in `activations`."""

import io
import lzma
import struct
import zipfile
import zlib

import numpy as np

from core.arrays import Array
from core.errors import InvalidFile
from core.neural_network import NeuralNetwork

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date of ZIP: the same network is the same bytes at any time."""
MAX_BYTES = 2**30
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises for an archive that is none, or in a form that it does not read."""


def write_npz(network: NeuralNetwork) -> bytes:
    """The parameters bit for bit; `numpy.load` reads them."""
    arrays: dict[str, Array] = {}
    for number, layer in enumerate(network.layers, start=1):
        arrays |= {f"weights_{number}": layer.weights, f"biases_{number}": layer.biases}
    arrays["activations"] = np.array([layer.activation.name for layer in network.layers])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", EPOCH), entry.getvalue())
    return content.getvalue()


def read_npz(content: bytes, max_bytes: int = MAX_BYTES) -> NeuralNetwork:
    """The network in such a file; pickled objects are refused.

    Raises `InvalidFile`, also for more than `max_bytes` after decompression, and what
    `NeuralNetwork` refuses.
    """
    try:
        arrays = _arrays(content, max_bytes)
    except InvalidFile:
        raise
    except DAMAGED as error:
        raise InvalidFile(f"the file is not an .npz archive: {error}") from None
    names = arrays.get("activations")
    if names is None or names.dtype.kind != "U" or names.ndim != 1:
        raise InvalidFile("the file has no array of texts called activations")
    weights, biases = [], []
    for number in range(1, len(names) + 1):
        weights.append(_parameters(arrays, f"weights_{number}", axes=2))
        biases.append(_parameters(arrays, f"biases_{number}", axes=1))
    dtype = np.float32 if all(w.dtype == np.float32 for w in weights) else np.float64
    return NeuralNetwork.from_parameters(weights, biases, names.tolist(), dtype)


def _arrays(content: bytes, max_bytes: int) -> dict[str, Array]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > max_bytes:
            raise InvalidFile(f"the file is longer than {max_bytes:,} bytes once decompressed")
        return {
            entry.filename.removesuffix(".npy"): read_npy(archive.read(entry)) for entry in entries
        }


def read_npy(content: bytes) -> Array:
    """One `.npy` array of numbers or texts, no longer than its bytes; raises `InvalidFile`."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, by_columns, dtype = read_header(stream)
        if dtype.hasobject:
            raise InvalidFile("the file has pickled objects, which are never read")
        numbers = np.frombuffer(content, dtype, offset=stream.tell())
        return numbers.reshape(shape, order="F" if by_columns else "C")
    except InvalidFile:
        raise
    except (ValueError, KeyError, TypeError, EOFError) as error:
        raise InvalidFile(f"an array of the file is not a plain .npy array: {error}") from None


def _parameters(arrays: dict[str, Array], name: str, axes: int) -> Array:
    array = arrays.get(name)
    if array is None:
        raise InvalidFile(f"the file has no array called {name}")
    if array.ndim != axes or array.dtype.kind != "f":
        raise InvalidFile(f"{name} is not an array of floats with {axes} axes")
    return array
