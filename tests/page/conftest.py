"""A service on a free port, a browser, and pages that must not complain."""

import re
import shutil
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from service.app import create_app
from service.settings import Settings

PATIENCE_MILLISECONDS = 60_000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def listening(app):
    """Answer on a free port of the loopback, until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="package")
def origin(tmp_path_factory):
    """The address of a service for all questions of these tests."""
    database = tmp_path_factory.mktemp("page") / "chainrule.db"
    with listening(create_app(Settings(database_url=f"sqlite:///{database}"))) as origin:
        yield origin


@pytest.fixture(scope="module")
def client(origin):
    """Requests without a browser."""
    with httpx.Client(base_url=origin, timeout=60) as client:
        yield client


@pytest.fixture(scope="package")
def browser():
    """Chromium as the system has it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, and everything it asked for or complained about."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def __post_init__(self):
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message):
        said = f"{message.text} {message.location.get('url', '')}"
        if message.type in ("error", "warning") and not any(
            re.search(one, said) for one in self.expected
        ):
            self.complaints.append(said)

    def open(self, fragment=""):
        """Show a view; wait until it is there."""
        self.page.goto(f"{self.origin}/{fragment}")
        expect(self.page.locator("main h1").first).to_be_attached()

    def module(self, name, body, argument=None):
        """Run a function of `m`, a module of the page, and of the argument."""
        script = self.page.locator('script[type="module"]').get_attribute("src")
        base = f"{self.origin}/{script.rsplit('/', 1)[0]}"
        code = (
            f"async ([address, a]) => {{ const m = await import(address); return ({body})(m, a); }}"
        )
        return self.page.evaluate(code, [f"{base}/{name}", argument])

    def strangers(self):
        """What was asked for elsewhere."""
        return [u for u in self.requests if not u.startswith((self.origin, "data:", "blob:"))]


@pytest.fixture
def open_visit(browser, origin):
    """A function that opens a browser context; its page may neither complain nor ask elsewhere."""
    visits = []

    def new(width=1280, height=900, at=None, **options):
        options = {
            "reduced_motion": "reduce",
            "permissions": ["clipboard-read", "clipboard-write"],
        } | options
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        visits.append(Visit(page, at or origin))
        return visits[-1]

    yield new
    for visit in visits:
        visit.page.context.close()
    for visit in visits:
        assert visit.complaints == []
        assert visit.strangers() == []


@pytest.fixture
def visit(open_visit):
    """A visit on a laptop, without motion."""
    return open_visit()
