"""Request bodies: JSON as it stands, of bounded length, parsed once and strictly."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any

import anyio.to_thread
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from service.problems import BodyTooLong, UnsupportedMediaType
from service.transport.inflating import WINDOW_BITS, inflated
from service.transport.room import Held
from service.wire.body import LARGE_BYTES, STRICT_BYTES, InvalidJson, parse, parse_strictly

PLAIN_JSON = "application/json"


class StrictJsonRequest(Request):
    """A request whose body is JSON or refused.

    Reading it raises `UnsupportedMediaType`, `BodyTooLong`, `NotInflatable` and `Overloaded`,
    parsing it `InvalidJson`.
    """

    _value: Any = None
    _parse = staticmethod(parse)

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes, inflated, as far as it is allowed to."""
        coding = _require_json(self)
        declared = self.headers.get("content-length", "0")
        self._hold(int(declared[:20]) if declared.isdecimal() else 0)
        chunks = super().stream()
        received = 0
        async for chunk in chunks if coding == "identity" else inflated(chunks, coding):
            received += len(chunk)
            self._hold(received)
            yield chunk

    def _hold(self, total: int) -> None:
        limit: int = self.app.state.limits.settings.max_body_bytes
        if total > limit:
            raise BodyTooLong(limit)
        held: Held = self.scope["held"]
        held.grow_to(total)

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

    async def look_again(self) -> bool:
        """Read the body without arrays; say whether that can change anything.

        A refused array has lost what stood in it: that [1, 2] were integers, or where a row is.
        """
        length = len(await self.body())
        if self._parse is parse_strictly or not LARGE_BYTES <= length <= STRICT_BYTES:
            return False
        self._parse = parse_strictly
        await self.read()
        return True


class StrictJsonRoute(APIRoute):
    """For `APIRouter(route_class=StrictJsonRoute)`."""

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
                if not await strict.look_again():
                    raise
                return await handle(strict)

        return handle_strictly


def _require_json(request: Request) -> str:
    """The content coding; raise `UnsupportedMediaType` unless a body, if there is one, is JSON."""
    sent = request.headers.get("content-type", "")
    if sent != PLAIN_JSON:
        media_type, _, parameters = sent.lower().replace('"', "").replace(" ", "").partition(";")
        is_json = media_type == PLAIN_JSON and parameters in ("", "charset=utf-8")
        if not is_json and (sent or _has_body(request)):
            raise UnsupportedMediaType(
                "the body has to be application/json in UTF-8; "
                f"its Content-Type is {sent or 'missing'}"
            )
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity" and coding not in WINDOW_BITS:
        raise UnsupportedMediaType(
            f"the body is encoded with {coding}; send it as it is, or with gzip or deflate"
        )
    return coding


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers
