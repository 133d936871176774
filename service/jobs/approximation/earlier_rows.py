"""Requests in rows of earlier releases, which stored the JSON body that the client sent."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.approximation.convergence import EVERY_GRID
from core.approximation.grids import EQUIDISTANT, MINIMAL
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, ComparisonRequest, Measurements
from core.arrays import Array

ZIP_MAGIC = b"PK"
FIRST_SIZES = (5, 9, 17, 33, 65)
"""The n of a comparison whose body has none, in those releases."""


def is_body(content: bytes) -> bool:
    """Return whether the data are JSON of an earlier release and not an `.npz` file."""
    return not content.startswith(ZIP_MAGIC)


def request_of_body(content: bytes, endpoint: str) -> ApproximationRequest | ComparisonRequest:
    """Return the request of a body that was valid when its job was accepted."""
    body: Mapping[str, Any] = json.loads(content)
    if endpoint == "compare":
        return ComparisonRequest(
            body["function"],
            (body["interval"][0], body["interval"][1]),
            body.get("n", FIRST_SIZES),
            body.get("grids", EVERY_GRID),
        )
    samples, interval = body.get("samples"), body.get("interval")
    return ApproximationRequest(
        function=body.get("function"),
        samples=None
        if samples is None
        else Measurements(*(_array(samples.get(name)) for name in ("x", "y", "weights"))),
        interval=None if interval is None else (float(interval[0]), float(interval[1])),
        rule=_rule(body),
        n=body.get("n"),
        tolerance=body.get("tolerance"),
        side=body.get("side", "both"),
        relative=body.get("error") == "relative",
        options=_options(body),
    )


def _array(numbers: Any) -> Any:
    return None if numbers is None else np.array(numbers, dtype=np.float64)


def _rule(body: Mapping[str, Any]) -> str | Array:
    grid = body.get("grid")
    if grid is None:
        return EQUIDISTANT if body.get("tolerance") is None else MINIMAL
    return grid if isinstance(grid, str) else _array(grid)


def _options(body: Mapping[str, Any]) -> DeploymentOptions | None:
    outside, precision = body.get("outside"), body.get("precision", "float64")
    quantize = body.get("quantize")
    if outside is None and precision == "float64" and quantize is None:
        return None
    return DeploymentOptions(
        outside or "clamp", precision, None if quantize is None else quantize["bits"]
    )
