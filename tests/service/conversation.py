"""Talking HTTP to an application of the test's own, without a socket."""

import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partialmethod

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from service.app import create_app
from service.settings import Settings
from tests.patience import patience

PATIENCE_SECONDS = 60.0


class Conversation:
    """A client whose every call waits for its answer; the application lives on its own thread."""

    def __init__(self, app: FastAPI, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self.app = app
        self._portal = portal
        self._client = client

    def request(self, method: str, path: str, **content) -> httpx.Response:
        return self._portal.call(lambda: self._client.request(method, path, **content))

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")
    delete = partialmethod(request, "DELETE")

    def ended(self, path: str) -> dict:
        """The job at `path`, asked for until it has finished."""
        return self.until(path, lambda job: job["finished_at"] is not None)

    def until(self, path: str, condition) -> dict:
        """The job at `path`, asked for until it is as it should be."""
        deadline = time.monotonic() + patience(PATIENCE_SECONDS)
        while time.monotonic() < deadline:
            job = self.get(path).json()
            if condition(job):
                return job
            time.sleep(0.02)
        raise AssertionError(f"after {PATIENCE_SECONDS:g} s the job is {job}")


@contextmanager
def conversation(folder, **settings) -> Iterator[Conversation]:
    """A service with a database of its own in `folder`, as long as the block lasts."""
    url = f"sqlite:///{folder}/chainrule.db"
    app = create_app(Settings(**({"database_url": url, "workers": 1} | settings)))
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_client(app)) as client,
    ):
        yield Conversation(app, portal, client)


@asynccontextmanager
async def _client(app):
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client
