"""An inference response: a JSON header, and behind it the bytes of tensors."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from starlette.responses import Response

from core.arrays import Array
from service.inference.tensors import text_bytes
from service.serialization.json_writer import to_json

HEADER_LENGTH = "Inference-Header-Content-Length"
MIN_COMPRESSED_BYTES = 4096
"""Shorter bodies gain less than the compression costs."""
DATATYPE_OF = {"float64": "FP64", "float32": "FP32"}
DATATYPE_OF_CHAR = {np.dtype(name).char: datatype for name, datatype in DATATYPE_OF.items()}
"""The same without the name of the type, which NumPy takes two microseconds to find."""


@dataclass(frozen=True, eq=False)
class OutputTensor:
    """An output: numbers, or texts as BYTES."""

    name: str
    values: Array | list[str]
    binary: bool

    def header(self, content: bytes | None) -> dict[str, Any]:
        """Its part of the JSON; the numbers are there where `content` has no bytes for them."""
        numbers = not isinstance(self.values, list)
        values: Any = self.values
        described: dict[str, Any] = {
            "name": self.name,
            "datatype": DATATYPE_OF_CHAR[values.dtype.char] if numbers else "BYTES",
            "shape": list(values.shape) if numbers else [len(values)],
        }
        if content is not None:
            return described | {"parameters": {"binary_data_size": len(content)}}
        return described | {"data": values.reshape(-1) if numbers else values}

    def content(self) -> bytes | None:
        """The bytes; None for an output as JSON."""
        if not self.binary:
            return None
        if isinstance(self.values, list):
            return text_bytes(self.values)
        return np.ascontiguousarray(self.values, self.values.dtype.newbyteorder("<")).tobytes()


def inference_response(
    model: str,
    version: int,
    request_id: str | None,
    outputs: Sequence[OutputTensor],
    accept_encoding: str,
) -> Response:
    """The response; JSON alone, or with bytes behind it and their place in a header."""
    contents = [output.content() for output in outputs]
    header: dict[str, Any] = {"model_name": model, "model_version": str(version)}
    if request_id is not None:
        header["id"] = request_id
    header["outputs"] = [
        output.header(content) for output, content in zip(outputs, contents, strict=True)
    ]
    text = to_json(header)
    binary = [content for content in contents if content is not None]
    body = b"".join([text, *binary])
    headers = {HEADER_LENGTH: str(len(text))} if binary else {}
    if len(body) >= MIN_COMPRESSED_BYTES and "gzip" in accept_encoding:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    media_type = "application/octet-stream" if binary else "application/json"
    return Response(body, media_type=media_type, headers=headers)
