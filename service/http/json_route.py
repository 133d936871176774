"""Request bodies: JSON as it stands, of bounded length, parsed once and strictly."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import anyio.to_thread
from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.utils import create_model_field
from pydantic import BaseModel, ValidationError

from service.errors import BodyTooLong, UnsupportedMediaType
from service.http.body_memory import BodyReservation
from service.http.content_encoding import WINDOW_BITS, inflated
from service.serialization.json_parser import (
    LARGE_BYTES,
    STRICT_BYTES,
    InvalidJson,
    parse,
    parse_strictly,
)

JSON = "application/json"
Model = TypeVar("Model", bound=BaseModel)
Found = TypeVar("Found")

_response_field = partial(create_model_field, mode="serialization")


class StrictJsonRequest(Request):
    """A request whose body is JSON or refused.

    Reading it raises `UnsupportedMediaType`, `BodyTooLong`, `InvalidContentEncoding` and
    `Overloaded`, parsing it `InvalidJson`.
    """

    _value: Any = None
    _parse = staticmethod(parse)

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes, inflated, as far as it is allowed to."""
        headers = dict(self.scope["headers"])
        coding = self._coding(headers)
        held: BodyReservation = self.scope["held"]
        limit: int = self.app.state.limits.settings.max_body_bytes
        declared = headers.get(b"content-length", b"")[:20]
        received = int(declared) if declared.isdigit() else 0
        _reserve(received, held, limit)
        chunks = super().stream()
        received = 0
        async for chunk in chunks if coding == "identity" else inflated(chunks, coding):
            received += len(chunk)
            _reserve(received, held, limit)
            yield chunk

    def _coding(self, headers: dict[bytes, bytes]) -> str:
        """The content coding; raises `UnsupportedMediaType`."""
        _require_json(headers)
        return _content_coding(headers)

    async def body(self) -> bytes:
        """The whole body; one that is large as the buffer into which it came.

        Joining its parts in the end would block the event loop for tens of milliseconds.
        """
        if not hasattr(self, "_body"):  # as Starlette asks it
            buffer = bytearray()
            async for chunk in self.stream():
                buffer += chunk
            self._body: Any = buffer if len(buffer) > STRICT_BYTES else bytes(buffer)
        body: bytes = self._body
        return body

    async def read(self) -> Any:
        """The body's value, long arrays as NumPy arrays."""
        body = await self.body()
        if not body:
            raise InvalidJson("the body is missing")
        if len(body) < LARGE_BYTES:
            self._value = self._parse(body)
        else:
            self._value = await anyio.to_thread.run_sync(self._parse, body)
        return self._value

    async def json(self) -> Any:
        """What has been read."""
        return self._value

    async def reparse_strictly(self) -> bool:
        """Read the body without arrays; say whether that can change anything.

        A refused array has lost what stood in it: that [1, 2] were integers, or where a row is.
        """
        length = len(await self.body())
        if self._parse is parse_strictly or not LARGE_BYTES <= length <= STRICT_BYTES:
            return False
        self._parse = parse_strictly
        await self.read()
        return True


class FileRequest(StrictJsonRequest):
    """A request whose body is of any media type; its length and its coding are bounded as well."""

    def _coding(self, headers: dict[bytes, bytes]) -> str:
        return _content_coding(headers)


async def read_file(request: Request) -> bytes:
    """The decoded body of any media type; raises as `StrictJsonRequest` does."""
    return bytes(await FileRequest(request.scope, request.receive).body())


async def read_model(request: Request, model: type[Model]) -> Model:
    """The JSON body, validated; for endpoints whose body may be of another media type as well.

    Raises as `StrictJsonRequest` does, and `RequestValidationError`.
    """
    strict = StrictJsonRequest(request.scope, request.receive)
    value = await strict.read()
    try:
        return validated(model.model_validate, value)
    except RequestValidationError:
        if not await strict.reparse_strictly():
            raise
        return validated(model.model_validate, await strict.json())


def validated(ask: Callable[[Any], Found], value: Any, part: str = "body") -> Found:
    """The model of a value; raises `RequestValidationError` as FastAPI would."""
    try:
        return ask(value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise RequestValidationError(
            [each | {"loc": (part, *each["loc"])} for each in found]
        ) from None


class StrictJsonRoute(APIRoute):
    """For `APIRouter(route_class=StrictJsonRoute)`: an operation has the name of its endpoint.

    Endpoints return a `Response`, so only the OpenAPI document needs the models of responses, and
    the start is without them: with the late import of Alembic it takes a fifth less time
    (benchmarks/README.md).
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        response_model: Any = None,
        responses: dict[int | str, dict[str, Any]] | None = None,
        **options: Any,
    ) -> None:
        by_name = {"generate_unique_id_function": lambda route: route.name}
        super().__init__(path, endpoint, response_model=None, **(options | by_name))
        self.response_model = (
            None if isinstance(response_model, DefaultPlaceholder) else response_model
        )
        self.responses = responses or {}

    def declare_responses(self) -> None:
        """Build the fields of the response models, which FastAPI describes in its document."""
        if self.response_model is not None:
            name = f"Response_{self.unique_id}"
            self.response_field = _response_field(name=name, type_=self.response_model)
        self.response_fields = {
            status: _response_field(
                name=f"Response_{status}_{self.unique_id}", type_=response["model"]
            )
            for status, response in self.responses.items()
            if "model" in response
        }

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Read the body, where there has to be one, then go FastAPI's way."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def handle_strictly(request: Request) -> Response:
            strict = StrictJsonRequest(request.scope, request.receive)
            await strict.read()
            try:
                return await handle(strict)
            except RequestValidationError:
                if not await strict.reparse_strictly():
                    raise
                return await handle(strict)

        return handle_strictly


def _reserve(total: int, held: BodyReservation, limit: int) -> None:
    if total > limit:
        raise BodyTooLong(limit)
    held.grow_to(total)


def _require_json(headers: dict[bytes, bytes]) -> None:
    """Raise `UnsupportedMediaType` unless a body, if there is one, is JSON."""
    sent = headers.get(b"content-type", b"").decode("latin-1")
    media_type, _, parameters = sent.lower().replace('"', "").replace(" ", "").partition(";")
    is_json = media_type == JSON and parameters in ("", "charset=utf-8")
    if not is_json and (sent or _has_body(headers)):
        raise UnsupportedMediaType(
            f"the body has to be application/json in UTF-8; its Content-Type is {sent or 'missing'}"
        )


def _content_coding(headers: dict[bytes, bytes]) -> str:
    """The content coding of the body; raises `UnsupportedMediaType`."""
    coding = headers.get(b"content-encoding", b"identity").decode("latin-1").strip().lower()
    if coding != "identity" and coding not in WINDOW_BITS:
        raise UnsupportedMediaType(
            f"the body is encoded with {coding}; send it as it is, or with gzip or deflate"
        )
    return coding


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
