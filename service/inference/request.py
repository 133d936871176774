"""An inference request: a JSON header, and behind it the bytes of tensors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import Array
from service.inference.errors import InvalidInference
from service.inference.tensors import from_bytes, from_json
from service.serialization.json_parser import parse

MAX_OUTPUTS = 2000


@dataclass(frozen=True)
class RequestedOutput:
    """An output by its name, as bytes or as JSON."""

    name: str
    binary: bool


@dataclass(frozen=True, eq=False)
class InferenceRequest:
    """The tensors of a request by their names; no `outputs` ask for the default ones."""

    id: str | None
    inputs: Mapping[str, Array]
    outputs: Sequence[RequestedOutput]
    binary_output: bool
    """Whether outputs that say nothing themselves come as bytes."""

    @staticmethod
    def parse(body: bytes, header_length: str | None) -> "InferenceRequest":
        """Read a body, whose JSON has `header_length` bytes, or all of them.

        Raises `InvalidInference` and `InvalidJson`.
        """
        length = len(body)
        if header_length is not None:
            if not (header_length.isascii() and header_length.isdigit()):
                raise InvalidInference("Inference-Header-Content-Length is not a number")
            length = int(header_length[:20])
            if length > len(body):
                raise InvalidInference(
                    f"Inference-Header-Content-Length is {length}, but the body has {len(body)}"
                )
        header = parse(body if length == len(body) else bytes(body[:length]))
        if not isinstance(header, dict):
            raise InvalidInference("the request is not a JSON object")
        parameters = _object(header.get("parameters"), "parameters")
        request_id = header.get("id")
        if request_id is not None and not isinstance(request_id, str):
            raise InvalidInference("id is not a text")
        return InferenceRequest(
            request_id,
            _inputs(_objects(header.get("inputs"), "inputs"), memoryview(body)[length:]),
            _outputs(_objects(header.get("outputs") or [], "outputs"), parameters),
            bool(parameters.get("binary_data_output", False)),
        )


def _inputs(tensors: Sequence[Mapping[str, Any]], content: memoryview) -> dict[str, Array]:
    found: dict[str, Array] = {}
    start = 0
    for tensor in tensors:
        name = _name(tensor, "an input")
        if name in found:
            raise InvalidInference(f"the input {name!r} comes twice")
        label = f"the input {name!r}"
        size = _object(tensor.get("parameters"), f"parameters of {label}").get("binary_data_size")
        if size is None:
            found[name] = from_json(tensor, label)
            continue
        if type(size) is not int or not 0 <= size <= len(content) - start:
            raise InvalidInference(f"binary_data_size of {label} is not within the body")
        found[name] = from_bytes(tensor, content[start : start + size], label)
        start += size
    if start != len(content):
        raise InvalidInference(f"{len(content) - start:,} bytes of the body belong to no input")
    for name, values in found.items():
        if not np.isfinite(values).all():
            raise InvalidInference(f"the input {name!r} has a number that is not finite")
    return found


def _outputs(
    tensors: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any]
) -> list[RequestedOutput]:
    by_default = bool(parameters.get("binary_data_output", False))
    if len(tensors) > MAX_OUTPUTS:
        raise InvalidInference(f"{len(tensors):,} outputs; at most {MAX_OUTPUTS:,} are allowed")
    return [
        RequestedOutput(
            _name(tensor, "an output"),
            bool(_object(tensor.get("parameters"), "parameters").get("binary_data", by_default)),
        )
        for tensor in tensors
    ]


def _name(tensor: Mapping[str, Any], what: str) -> str:
    name = tensor.get("name")
    if not isinstance(name, str):
        raise InvalidInference(f"{what} has no name")
    return name[:200]


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidInference(f"{what} is not an object")
    return value


def _objects(value: Any, what: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise InvalidInference(f"{what} is not a list of tensors")
    return value
