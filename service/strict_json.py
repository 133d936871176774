"""The route that reads request bodies: JSON only, parsed once and strictly."""

from collections.abc import Callable, Coroutine
from typing import Any

import anyio.to_thread
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from service.problems import UnsupportedMediaType
from service.wire.body import LARGE_BYTES, InvalidJson, parse, parse_strictly


class StrictJsonRequest(Request):
    """A request whose `json` is `wire.body.parse`, or on a second look `parse_strictly`."""

    _parse = staticmethod(parse)

    async def json(self) -> Any:
        """The body's value, long arrays as NumPy arrays."""
        body = await self.body()
        try:
            if len(body) < LARGE_BYTES:
                return self._parse(body)
            return await anyio.to_thread.run_sync(self._parse, body)
        except InvalidJson as error:
            # FastAPI lets only this exception through while it reads a body.
            raise _Unparsable(error) from None

    async def look_again(self) -> bool:
        """Read the body without arrays from now on; say whether that changes anything.

        A refused array has lost what stood in it: that [1, 2] were integers, or where a row is.
        """
        changes = self._parse is parse and len(await self.body()) >= LARGE_BYTES
        self._parse = parse_strictly
        return changes


class _Unparsable(HTTPException):
    def __init__(self, error: InvalidJson) -> None:
        super().__init__(422, str(error))
        self.error = error


class StrictJsonRoute(APIRoute):
    """For `APIRouter(route_class=StrictJsonRoute)`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Check the type of the body, then go FastAPI's way."""
        handle = super().get_route_handler()
        reads_body = self.body_field is not None

        async def handle_strictly(request: Request) -> Response:
            if reads_body:
                _require_json(request)
            strict = StrictJsonRequest(request.scope, request.receive)
            try:
                return await handle(strict)
            except _Unparsable as unparsable:
                raise unparsable.error from None
            except RequestValidationError:
                if not await strict.look_again():
                    raise
                return await handle(strict)

        return handle_strictly


def _require_json(request: Request) -> None:
    """Raise `UnsupportedMediaType` unless a body, where there is one, is JSON as it stands."""
    sent = request.headers.get("content-type", "")
    media_type, _, parameters = sent.lower().replace('"', "").replace(" ", "").partition(";")
    is_json = media_type == "application/json" and parameters in ("", "charset=utf-8")
    if not is_json and (sent or _has_body(request)):
        raise UnsupportedMediaType(
            f"the body has to be application/json in UTF-8; its Content-Type is {sent or 'missing'}"
        )
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise UnsupportedMediaType(f"the body is encoded with {encoding}; send it as it is")


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers
