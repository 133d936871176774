"""POST /v2/models/{name}/infer."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from core.cost import forward_operations, trace_numbers
from service.endpoints.models.paths import NamePath, VersionPath, well_formed
from service.http.json_route import FileRequest, StrictJsonRoute
from service.inference.model_tensors import input_rows, output_tensors
from service.inference.request import InferenceRequest
from service.inference.response import HEADER_LENGTH, inference_response
from service.limits import Limits
from service.models.cache import LoadedModel, ModelCache
from service.models.model import LATEST
from service.models.store import ModelStore
from service.openapi.responses import error_responses
from service.thread_pool import ComputePool


class InferenceRoute(StrictJsonRoute):
    """Calls `endpoint(request, **path_params)` without FastAPI's way of finding arguments.

    That takes longer than a small network: the command `benchmarks/inference.py` compares both.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.endpoint(FileRequest(scope, receive), **scope["path_params"])
        await response(scope, receive, send)


router = APIRouter(route_class=InferenceRoute, tags=["inference"])

READ_OPERATIONS = 1e8
"""What waits for the database waits in a thread."""
MAX_DIGITS = 19
OPERATIONS_PER_BYTE = 20
"""Of JSON."""
_TENSOR = {
    "type": "object",
    "required": ["name", "datatype", "shape"],
    "properties": {
        "name": {"type": "string"},
        "datatype": {"type": "string"},
        "shape": {"type": "array", "items": {"type": "integer"}},
        "parameters": {"type": "object"},
        "data": {"type": "array", "items": {}},
    },
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "JSON, or JSON followed by the bytes of tensors, with the length of the "
        "JSON in `Inference-Header-Content-Length` (the binary tensor data extension).",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["inputs"],
                    "properties": {
                        "id": {"type": "string"},
                        "inputs": {"type": "array", "items": _TENSOR},
                        "outputs": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "parameters": {"type": "object"},
                                },
                            },
                        },
                        "parameters": {"type": "object"},
                    },
                },
                "example": {
                    "inputs": [
                        {"name": "x", "datatype": "FP64", "shape": [1, 2], "data": [0.5, 1.0]}
                    ]
                },
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}
_RESPONSES: dict[int | str, dict[str, Any]] = error_responses(404, 413, 415, 422, 503) | {
    200: {
        "description": "JSON, or JSON followed by the bytes of tensors.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post(
    "/v2/models/{name}/infer",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra=_BODY,
)
async def post_infer(request: Request, name: NamePath) -> Response:
    """Infer with the latest version of a model.

    The input `x` has a row for each sample, with the columns that the metadata name. Outputs are
    `output`, `label` of a classification, and of layer l the pre-activation `s_l` and the output
    `x_l`; without a list of outputs, `output` alone.
    """
    return await _infer(request, name, LATEST)


@router.post(
    "/v2/models/{name}/versions/{version}/infer",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra=_BODY,
)
async def post_version_infer(request: Request, name: NamePath, version: VersionPath) -> Response:
    """Infer with a version of a model, by its number or by an alias.

    As `/v2/models/{name}/infer` does.
    """
    return await _infer(request, name, version)


async def _infer(request: Request, name: str, wanted: str) -> Response:
    state, caller = request.app.state, request.scope["caller"]
    computation: ComputePool = state.computation
    cache: ModelCache = state.models
    limits: Limits = state.limits.of(caller)
    name, wanted = well_formed(name), well_formed(wanted)
    body = await request.body()
    header_length = request.headers.get(HEADER_LENGTH)
    accept_encoding = request.headers.get("accept-encoding", "")
    known = cache.get(caller.name, name, wanted)

    def load() -> LoadedModel:
        return known or ModelStore(state.job_system.store, caller.name, cache).load(name, wanted)

    def answer() -> Response:
        model = load()
        asked = InferenceRequest.parse(body, header_length)
        x = input_rows(asked, model.predictor)
        sizes = model.version.sizes
        limits.samples(len(x), ("inputs",))
        limits.numbers(trace_numbers(sizes, len(x)))
        limits.operations(forward_operations(sizes, len(x)))
        trace = model.predictor.network.forward(x)
        outputs = output_tensors(asked, model.predictor, trace)
        version = model.version
        return inference_response(version.name, version.version, asked.id, outputs, accept_encoding)

    json_bytes = _number(header_length, len(body))
    return await computation.run(answer, _operations(known, json_bytes, len(body) - json_bytes))


def _number(text: str | None, longest: int) -> int:
    digits = text is not None and text.isascii() and text.isdigit() and len(text) < MAX_DIGITS
    return min(int(text or 0), longest) if digits else longest


def _operations(model: LoadedModel | None, json_bytes: int, binary_bytes: int) -> float:
    """About the cost of an answer, whose numbers have two bytes as JSON, or else mostly eight."""
    if model is None:
        return READ_OPERATIONS
    sizes = model.version.sizes
    numbers = json_bytes / 2 if binary_bytes == 0 else binary_bytes / 4
    rows = int(numbers / sizes[0]) + 1
    return OPERATIONS_PER_BYTE * json_bytes + forward_operations(sizes, rows)
