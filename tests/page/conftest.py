"""A service on a free port, a browser, and pages that must not complain."""

import httpx
import pytest
from playwright.sync_api import expect

from service.app import create_app
from service.settings import Settings
from tests.browser import RecordedPage, chromium, listening
from tests.patience import patience

DEADLINE_SECONDS = 10.0
"""Of one wait on an idle machine; a wait that fails ends its test."""
MAX_DEADLINE_SECONDS = 45.0
VIEWPORT = {"width": 1280, "height": 900}
PERMISSIONS = ["clipboard-read", "clipboard-write"]
SETTLED = """async ({ ask, training, seconds }) => {
  const [{ pending }, { isRunning }] = [await import(ask), await import(training)];
  const end = performance.now() + 1000 * seconds;
  for (let quiet = 0; quiet < 3; quiet = pending.value || isRunning.value ? 0 : quiet + 1) {
    if (performance.now() > end) throw new Error("the page still waits for the service");
    await new Promise((done) => setTimeout(done, 30));
  }
}"""
CALLED = """async ([address, argument, seconds]) => {
  const late = new Promise((_, fail) =>
    setTimeout(() => fail(new Error(`no end after ${seconds} s`)), 1000 * seconds));
  const called = async () => { const m = await import(address); return (BODY)(m, argument); };
  return Promise.race([called(), late]);
}"""


def deadline() -> float:
    """The seconds that a single wait may take now."""
    return patience(DEADLINE_SECONDS, at_most=MAX_DEADLINE_SECONDS)


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
    """Chromium for all tests of the page."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def context(browser):
    """A context for all pages without options of their own: the files of the page load once."""
    context = browser.new_context(viewport=VIEWPORT, permissions=PERMISSIONS)
    yield context
    context.close()


COPIED = """async () => {
  for (;;) {
    const text = await navigator.clipboard.readText();
    if (text) return text;
    await new Promise((done) => setTimeout(done, 20));
  }
}"""


class Visit(RecordedPage):
    """A visit of the page of the service."""

    def copied(self, button):
        """What a button writes into the clipboard, which it may do some time after the click."""
        self.page.evaluate("navigator.clipboard.writeText('')")
        button.click()
        return self.module("state.js", COPIED)

    def open(self, fragment=""):
        """Show a view; wait until it is there."""
        self.page.goto(f"{self.origin}/{fragment}")
        expect(self.page.locator("main h1").first).to_be_attached()

    def settle(self):
        """Wait until no request and no training runs."""
        names = {"ask": self.address("ask.js"), "training": self.address("part/training.js")}
        self.page.evaluate(SETTLED, names | {"seconds": deadline()})

    def address(self, name):
        """Where a module of the page is."""
        script = self.page.locator('script[type="module"]').get_attribute("src")
        return f"{self.origin}/{script.rsplit('/', 1)[0]}/{name}"

    def module(self, name, body, argument=None):
        """Run a function of `m`, a module of the page, and of the argument."""
        code = CALLED.replace("BODY", body)
        return self.page.evaluate(code, [self.address(name), argument, deadline()])


@pytest.fixture
def open_visit(browser, context, origin):
    """A function that opens a page, which may neither complain nor ask elsewhere.

    `motion` and `media` (colours) are what the system asks for. With other options the page has a
    browser context of its own.
    """
    visits, own = [], []

    def new(width=1280, height=900, at=None, motion="reduce", media=None, **options):
        if options:
            own.append(browser.new_context(viewport=VIEWPORT, permissions=PERMISSIONS, **options))
        page = (own[-1] if options else context).new_page()
        page.set_default_timeout(1000 * deadline())
        expect.set_options(timeout=1000 * deadline())
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(reduced_motion=motion, **(media or {}))
        visits.append(Visit(page, at or origin))
        return visits[-1]

    yield new
    for visit in visits:
        visit.page.unroute_all(behavior="ignoreErrors")  # a file may still be loading
        if visit.page.context == context:
            storage = {"origin": visit.origin, "storageTypes": "local_storage"}
            context.new_cdp_session(visit.page).send("Storage.clearDataForOrigin", storage)
        visit.page.close()
    for one in own:
        one.close()
    for visit in visits:
        assert visit.complaints == []
        assert visit.strangers() == []


@pytest.fixture
def visit(open_visit):
    """A visit on a laptop, without motion."""
    return open_visit()
