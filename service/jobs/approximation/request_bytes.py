"""A request for an approximation as the data of its job, and back, equal in every bit."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, ComparisonRequest, Measurements
from core.arrays import Array
from service.jobs.approximation.earlier_rows import is_body, request_of_body

Request = ApproximationRequest | ComparisonRequest


def request_to_bytes(request: Request) -> bytes:
    """Write an `.npz` file: arrays under their names, and all else as JSON under `rest`."""
    content, arrays = io.BytesIO(), {}
    rest: dict[str, Any] = dict(vars(request))
    if isinstance(request, ApproximationRequest):
        samples, options = rest.pop("samples"), rest.pop("options")
        rest["options"] = None if options is None else asdict(options)
        arrays = (
            {} if samples is None else {k: v for k, v in vars(samples).items() if v is not None}
        )
        for name in ("rule", "values"):
            if isinstance(rest[name], np.ndarray):
                arrays[name] = rest.pop(name)
    arrays["rest"] = np.frombuffer(json.dumps(rest).encode(), np.uint8)
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def request_from_bytes(content: bytes, endpoint: str) -> Request:
    """Return the request to `endpoint`: `approximate` or `compare`."""
    if is_body(content):
        return request_of_body(content, endpoint)
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays: Mapping[str, Array] = {name: file[name] for name in file.files}
    rest = json.loads(arrays["rest"].tobytes())
    if endpoint == "compare":
        return ComparisonRequest(**_with_interval(rest))
    options = rest.pop("options")
    samples = {name: arrays[name] for name in ("x", "y", "weights") if name in arrays}
    return ApproximationRequest(
        samples=Measurements(**samples) if samples else None,
        options=None if options is None else DeploymentOptions(**options),
        **_with_interval({"rule": arrays.get("rule"), "values": arrays.get("values")} | rest),
    )


def _with_interval(fields: dict[str, Any]) -> dict[str, Any]:
    """Restore the tuple that JSON has turned into a list."""
    interval = fields["interval"]
    return fields | {"interval": None if interval is None else (interval[0], interval[1])}
