"""Admission queue: each round of the event loop starts a few requests; probes bypass it."""

import asyncio
from collections import deque

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.problems import problem_response
from service.http.scope import path_of

PROBES = frozenset({"/health/live", "/health/ready"})
REQUESTS_PER_TICK = 8
"""A request takes the event loop for about half a millisecond."""
MAX_QUEUE = 500
"""Room for a class that sends at once; the last request waits for a quarter of a second."""


class AdmissionMiddleware:
    """ASGI middleware: each round of the event loop starts at most `REQUESTS_PER_TICK` requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._started = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start the request in its turn, or refuse it at once."""
        if scope["type"] == "http" and path_of(scope) not in PROBES:
            if len(self._waiting) >= MAX_QUEUE:
                refusal = problem_response(
                    503, f"the maximum of {MAX_QUEUE} waiting requests is reached"
                )
                await refusal(scope, receive, send)
                return
            await self._turn()
        await self._app(scope, receive, send)

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._started:
            loop.call_soon(self._next_round)
        if self._started < REQUESTS_PER_TICK:
            self._started += 1
            return
        turn = loop.create_future()
        self._waiting.append(turn)
        await turn

    def _next_round(self) -> None:
        self._started = 0
        while self._waiting and self._started < REQUESTS_PER_TICK:
            turn = self._waiting.popleft()
            if not turn.done():  # its request may have been cancelled
                turn.set_result(None)
                self._started += 1
        if self._started:
            asyncio.get_running_loop().call_soon(self._next_round)
