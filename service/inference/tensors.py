"""Tensors of the protocol: JSON lists or bytes, row by row, little-endian."""

from collections.abc import Mapping
from itertools import chain
from math import prod
from typing import Any

import numpy as np

from core.arrays import Array
from core.errors import counted
from service.inference.errors import InvalidInference

DATATYPES: Mapping[str, np.dtype[Any]] = {
    "FP64": np.dtype("<f8"),
    "FP32": np.dtype("<f4"),
    "FP16": np.dtype("<f2"),
    "INT64": np.dtype("<i8"),
    "INT32": np.dtype("<i4"),
    "INT16": np.dtype("<i2"),
    "INT8": np.dtype("<i1"),
    "UINT64": np.dtype("<u8"),
    "UINT32": np.dtype("<u4"),
    "UINT16": np.dtype("<u2"),
    "UINT8": np.dtype("<u1"),
}
"""The datatypes that hold numbers; a network takes no others."""
MAX_AXES = 8


def shape_of(tensor: Mapping[str, Any], name: str) -> tuple[int, ...]:
    """The shape of a tensor; raises `InvalidInference`."""
    shape = tensor.get("shape")
    shape = shape.tolist() if isinstance(shape, np.ndarray) else shape
    is_shape = isinstance(shape, list) and 0 < len(shape) <= MAX_AXES
    if not is_shape or not all(type(size) is int and 0 < size < 2**31 for size in shape or ()):
        raise InvalidInference(f"the shape of {name} is not a list of sizes above 0")
    return tuple(shape or ())


def from_json(tensor: Mapping[str, Any], name: str) -> Array:
    """The numbers of `data`, nested or not, in the tensor's shape; raises `InvalidInference`."""
    dtype, shape = _dtype(tensor, name), shape_of(tensor, name)
    data = tensor.get("data")
    if isinstance(data, list):
        data = _from_list(data, name)
    if not isinstance(data, np.ndarray):
        raise InvalidInference(f"{name} has neither data nor binary_data_size")
    if data.size != prod(shape):
        raise InvalidInference(
            f"{name} has {counted(data.size, 'number')}, but its shape {list(shape)} has "
            f"room for {prod(shape)}"
        )
    with np.errstate(over="ignore"):
        values = np.asarray(data, dtype if dtype.kind == "f" else np.float64)
    if dtype.kind != "f":
        limits = np.iinfo(dtype)
        fits = (values == np.floor(values)) & (values >= limits.min) & (values <= limits.max)
        if not fits.all():
            raise InvalidInference(f"{name} has a number that {tensor['datatype']} cannot hold")
    return values.reshape(shape)


def from_bytes(tensor: Mapping[str, Any], content: memoryview, name: str) -> Array:
    """The numbers in the bytes, in the tensor's shape; raises `InvalidInference`."""
    dtype, shape = _dtype(tensor, name), shape_of(tensor, name)
    if len(content) != dtype.itemsize * prod(shape):
        raise InvalidInference(
            f"{name} has {counted(len(content), 'byte')}, but {tensor['datatype']} of shape "
            f"{list(shape)} takes {dtype.itemsize * prod(shape)}"
        )
    return np.frombuffer(content, dtype).reshape(shape)


def text_bytes(texts: list[str]) -> bytes:
    """Texts as BYTES: each with its length in four bytes before it."""
    encoded = [text.encode() for text in texts]
    return b"".join(len(text).to_bytes(4, "little") + text for text in encoded)


def _dtype(tensor: Mapping[str, Any], name: str) -> np.dtype[Any]:
    datatype = tensor.get("datatype")
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        raise InvalidInference(
            f"the datatype of {name} is {datatype!r:.40}; numbers are {', '.join(DATATYPES)}"
        )
    return DATATYPES[datatype]


def _from_list(data: list[Any], name: str) -> Array:
    """The numbers of lists in lists; raises `InvalidInference`."""
    for _ in range(MAX_AXES):
        nested = [isinstance(value, list | np.ndarray) for value in data]
        if not any(nested):
            break
        if not all(nested):
            raise InvalidInference(f"the data of {name} mixes numbers and lists")
        data = list(chain.from_iterable(map(_as_list, data)))
    if not all(type(value) in (int, float) for value in data):
        raise InvalidInference(f"the data of {name} are not all numbers")
    try:
        return np.array(data, dtype=np.float64)
    except OverflowError:
        raise InvalidInference(f"the data of {name} have a number beyond the floats") from None


def _as_list(values: Any) -> list[Any]:
    # The parser has made arrays of long lists of numbers.
    return values.tolist() if isinstance(values, np.ndarray) else values
