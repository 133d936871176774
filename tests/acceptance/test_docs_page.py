"""The page /docs shows every operation, runs them, and talks to nobody but the service."""

import shutil
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated

import pytest
import uvicorn
from fastapi import Body, FastAPI
from playwright.sync_api import Page, expect, sync_playwright

from service.endpoints.docs import add_docs

pytestmark = pytest.mark.browser

ROOT_PATHS = ["", "/behind/a/proxy"]


Numbers = Annotated[list[float], Body(embed=True, examples=[[1.0, 2.0]])]


def small_app():
    app = FastAPI(title="Chainrule", docs_url=None, redoc_url=None)

    @app.post("/forward", tags=["Networks"])
    def forward(x: Numbers) -> dict[str, list[float]]:
        """Answer twice the question."""
        return {"output": [2.0 * value for value in x]}

    add_docs(app)
    return app


@contextmanager
def served(app):
    """Answer on a free port of the loopback, until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Visit:
    """A page, and everything it asked for or complained about."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def strangers(self):
        return [u for u in self.requests if not u.startswith((self.origin, "data:", "blob:"))]


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def origin():
    app = small_app()
    for root_path in filter(None, ROOT_PATHS):
        app.mount(root_path, small_app())
    with served(app) as origin:
        yield origin


@pytest.fixture
def visit(browser, origin):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(20_000)
    yield Visit(page, origin)
    page.close()


@pytest.mark.parametrize("root_path", ROOT_PATHS)
def test_the_page_shows_every_operation_and_asks_nobody_else(visit, root_path):
    visit.page.goto(f"{visit.origin}{root_path}/docs")
    expect(visit.page.locator(".opblock-summary-path")).to_have_text("/forward")
    assert visit.page.title() == "Chainrule"
    assert visit.complaints == []
    assert visit.strangers() == []
    assert f"{visit.origin}{root_path}/openapi.json" in visit.requests


@pytest.mark.parametrize("root_path", ROOT_PATHS)
def test_pressing_execute_runs_the_example_as_it_stands(visit, root_path):
    visit.page.goto(f"{visit.origin}{root_path}/docs")
    visit.page.locator(".opblock-summary-control").click()
    visit.page.get_by_role("button", name="Execute").click()
    live = visit.page.locator(".live-responses-table")
    expect(live.locator(".response-col_status").last).to_contain_text("200")
    expect(live.locator(".microlight, .highlight-code").first).to_contain_text('"output"')
    assert f"{visit.origin}{root_path}/forward" in visit.requests
    assert visit.complaints == []
    assert visit.strangers() == []


def test_a_link_to_an_operation_opens_it(visit):
    visit.page.goto(f"{visit.origin}/docs#/Networks/forward_forward_post")
    expect(visit.page.get_by_role("button", name="Execute")).to_be_visible()


def test_nothing_on_the_page_is_wider_than_a_phone(visit):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(f"{visit.origin}/docs")
    visit.page.locator(".opblock-summary-control").click()
    visit.page.get_by_role("button", name="Execute").click()
    expect(visit.page.locator(".live-responses-table")).to_be_visible()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_missing_file_is_a_404_and_no_file_outside_static_is_served(visit):
    for path in ("/static/missing.js", "/static/..%2fendpoints%2fdocs.py"):
        assert visit.page.goto(visit.origin + path).status == 404
