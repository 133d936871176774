"""A route class that bypasses FastAPI's dependency resolution for small, frequent requests.

FastAPI resolves the parameters of the endpoint for every request. A small /forward takes 0.33 ms of
processor time in the application with this class and 0.53 ms without it (medians in one run).
"""

from collections.abc import Callable
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.json_route import StrictJsonRequest, StrictJsonRoute, validated


class DirectRoute(StrictJsonRoute):
    """For an endpoint with one body, whose other parameters depend on the request alone.

    These may be headers, as text, models of the whole query, and dependencies that take only the
    request. Exceptions are answered by the handlers of the application.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self.app = self._build_app()

    def _build_app(self) -> ASGIApp:
        """Return an application that reads, validates and answers."""
        (field,) = self.dependant.body_params
        question_type: Any = field.field_info.annotation
        ask = TypeAdapter(question_type).validator.validate_python
        others: dict[str, Any] = {
            str(needed.name): needed.call for needed in self.dependant.dependencies
        }
        headers = {param.name: param.alias for param in self.dependant.header_params}
        queries: dict[str, Any] = {
            param.name: param.field_info.annotation for param in self.dependant.query_params
        }
        unasked = {name: model() for name, model in queries.items()}

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            request = StrictJsonRequest(scope, receive)
            value = await request.read()
            try:
                question = validated(ask, value)
            except RequestValidationError:
                if not await request.reparse_strictly():
                    raise
                question = validated(ask, await request.json())
            given = {name: await call(request) for name, call in others.items()}
            given |= {name: request.headers.get(alias) for name, alias in headers.items()}
            given |= unasked
            if scope["query_string"]:
                asked = dict(request.query_params)
                for name, model in queries.items():
                    given[name] = validated(model.model_validate, asked, "query")
            response = await self.endpoint(**{field.name: question}, **given)
            await response(scope, receive, send)

        return app
