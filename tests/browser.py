"""A browser, a served application, and visits that record what a page requests and reports."""

import re
import shutil
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from tests.patience import patience

SHUTDOWN_SECONDS = 2
CLOSE_SECONDS = 20.0
BROWSERS = ("chromium-headless-shell", "chromium")
"""The first has no window to draw: the tests of the page take two thirds of the time."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def driver_killed_after(seconds):
    """Kill Playwright's driver when the block takes too long: `close` itself waits without end."""
    drivers = [
        process
        for process in psutil.Process().children()
        if any("playwright" in part for part in process.cmdline())
    ]
    late = threading.Event()

    def kill():
        late.set()
        for process in drivers:
            process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    assert not late.is_set(), "the browser has not closed"


def chromium_path():
    """Where Chromium is on this system, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def chromium():
    """Chromium as the system has it; the tests are skipped without."""
    path = chromium_path()
    if path is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        with driver_killed_after(patience(CLOSE_SECONDS)):
            browser.close()


@contextmanager
def listening(app, port=0):
    """Answer on a port of the loopback, by default a free one, until the block ends."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=[[listener]], daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(patience(5 * SHUTDOWN_SECONDS))
            assert not thread.is_alive(), "the service has not stopped"


@dataclass
class RecordedPage:
    """A page, and everything it requested or reported; `expected` are patterns of reports."""

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

    def strangers(self):
        """What was requested elsewhere."""
        return [u for u in self.requests if not u.startswith((self.origin, "data:", "blob:"))]
