"""The page /docs shows and runs every operation, and sends requests to the service only."""

import json
import re

import httpx
import pytest
from playwright.sync_api import expect

from service.app import create_app
from service.settings import Settings
from tests.browser import RecordedPage, chromium, listening
from tests.patience import patience

pytestmark = pytest.mark.browser

ROOT_PATH = "/behind/a/proxy"
REQUEST_EXAMPLES = ".opblock-section-request-body select.examples-select-element"
PATIENCE_MILLISECONDS = 60_000
METHODS = {"get", "post", "put", "patch", "delete"}
APPROXIMATION = {"function": "sin(x)", "interval": [0, 3], "n": 5}
LONG_JOB = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
    "data": {"dataset": "xor", "samples": 20, "noise": 0.0, "seed": 1},
    "iterations": 10_000_000,
}


def behind_a_proxy(app):
    """Say what a server says to an application whose addresses begin with the path of a proxy."""

    async def proxied(scope, receive, send):
        if scope.get("path", "").startswith(ROOT_PATH):
            scope = {**scope, "root_path": ROOT_PATH}
        await app(scope, receive, send)

    return proxied


class Visit(RecordedPage):
    """A visit of the page /docs."""

    def open(self, root_path=""):
        """Show the page; where it is shown already, as the test before left it."""
        address = f"{self.origin}{root_path}/docs"
        if self.page.url.partition("#")[0] != address:
            self.page.goto(address)
        expect(self.page.locator(".opblock").first).to_be_visible()

    def operation(self, method, path):
        block = self.page.locator(f".opblock-{method}").filter(
            has=self.page.locator(f'[data-path="{path}"]')
        )
        if not block.evaluate("block => block.classList.contains('is-open')"):
            block.locator(".opblock-summary-control").click()
        return block

    def execute(self, block):
        path = block.locator("[data-path]").first.get_attribute("data-path")
        address = re.compile(re.sub(r"{\w+}", "[^/]+", path) + r"(\?.*)?$")
        with self.page.expect_response(address) as answer:
            block.get_by_role("button", name="Execute").click()
        status = block.locator(".live-responses-table .response-col_status").last
        expect(status).to_contain_text(str(answer.value.status))
        assert 200 <= answer.value.status < 300, answer.value.text()


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    database = tmp_path_factory.mktemp("docs") / "chainrule.db"
    app = behind_a_proxy(create_app(Settings(database_url=f"sqlite:///{database}")))
    with listening(app) as origin:
        yield origin


@pytest.fixture(scope="module")
def contract(origin):
    return httpx.get(f"{origin}/openapi.json").json()


@pytest.fixture(scope="module")
def opened(browser, origin):
    """One page for all tests: it takes seconds to draw every operation."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    # Swagger UI takes every underscore of an operation's name for an escaped space of old.
    yield Visit(page, origin, expected=("deep link whitespace",))
    page.close()


@pytest.fixture
def visit(opened):
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    yield opened
    # Whatever a test does on the page, it stays at home and at ease.
    assert opened.complaints == []
    assert opened.strangers() == []


def operations_of(contract):
    return [
        (method, path)
        for path, item in contract["paths"].items()
        for method in item
        if method in METHODS
    ]


def examples_of(operation):
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return list(body.get("examples", {}))


def test_the_page_shows_every_operation_of_the_contract(visit, contract):
    visit.open(ROOT_PATH)
    assert visit.page.title() == "Chainrule"
    assert visit.page.locator(".opblock").count() == len(operations_of(contract))
    assert f"{visit.origin}{ROOT_PATH}/openapi.json" in visit.requests


NETWORK = {"layers": [{"weights": [[1.0, -1.0]], "biases": [0.0], "activation": "sigmoid"}]}


def resources(origin):
    """One of everything that an address may name: the values of path parameters by prefix."""

    def create(path, **content):
        answer = httpx.post(f"{origin}{path}", timeout=patience(60), **content)
        assert answer.is_success, answer.text
        return answer.json()

    later = {"Prefer": "respond-async, wait=30"}
    trained = create("/train", json=LONG_JOB | {"iterations": 50}, headers={"Prefer": "wait=30"})
    table = b"a,b,kind\n1,2,x\n2,1,y\n1,3,x\n3,1,y\n"
    for _ in range(2):
        create("/models", json={"name": "iris", "network": NETWORK})
    httpx.put(f"{origin}/models/iris/aliases/best", json={"version": 1})
    return {
        "/train/{id}/approximation": create("/approximate", json=APPROXIMATION, headers=later)[
            "id"
        ],
        "/train/{id}/cancel": create("/train", json=LONG_JOB)["id"],
        "/train": trained["id"],
        "/datasets": create("/datasets", content=table, headers={"Content-Type": "text/csv"})["id"],
        "name": "iris",
        "alias": "best",
        "version": "1",
    }


def value_of(parameter, path, values):
    """What a person would type into a field of this address; None: the field has a default."""
    if parameter != "id":
        return values.get(parameter)
    return next(value for prefix, value in values.items() if path.startswith(prefix))


EXECUTED = """async ([method, path, parameters, example]) => {
  const spec = ui.specSelectors.specJsonWithResolvedSubtrees().toJS();
  const operation = spec.paths[path][method];
  const json = operation.requestBody?.content["application/json"];
  const first = ({ example, examples, schema = {} }) => example
    ?? Object.values(examples ?? {})[0]?.value ?? schema.example ?? schema.examples?.[0]
    ?? schema.default ?? schema.enum?.[0];
  const required = (operation.parameters ?? []).filter((one) => one.required);
  const filled = Object.fromEntries(required.map((one) => [one.name, first(one)]));
  const request = ui.fn.buildRequest({
    spec, method, pathName: path, operationId: operation.operationId,
    contextUrl: new URL(ui.specSelectors.url(), location.href).href,
    server: ui.oas3Selectors.selectedServer(),
    parameters: { ...filled, ...parameters }, requestContentType: "application/json",
    responseContentType: "application/json",
    ...(json && { requestBody: json.examples[example].value }),
  });
  const { url, headers, body } = request;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(url, { method: method.toUpperCase(), headers, body: text });
  return [answer.status, url, await answer.text()];
}"""


def kind(contract, method, path):
    """What differs on the page: the method, the forms of a body, and whether the path is filled."""
    body = contract["paths"][path][method].get("requestBody", {}).get("content", {})
    return method, tuple(body), "{" in path


def test_every_operation_runs_as_the_page_asks_and_one_of_each_kind_from_its_form(visit, contract):
    # The other examples are replayed by tests/contract/test_examples.py, without a browser.
    values = resources(visit.origin)
    # What is deleted answers nothing more; aliases go before versions, and these before models.
    order = sorted(
        operations_of(contract),
        key=lambda o: (o[0] == "delete", "/aliases" not in o[1], -len(o[1])),
    )
    visit.open(ROOT_PATH)
    executed, kinds = 0, set()
    for method, path in order:
        operation = contract["paths"][path][method]
        examples = examples_of(operation)
        if "requestBody" in operation and not examples:
            continue
        executed += 1
        parameters = {
            name: value
            for name in re.findall(r"{(\w+)}", path)
            if (value := value_of(name, path, values)) is not None
        }
        if kind(contract, method, path) in kinds:
            question = [method, path, parameters, examples[0] if examples else None]
            status, address, text = visit.page.evaluate(EXECUTED, question)
            assert address.startswith(visit.origin + ROOT_PATH)
            assert 200 <= status < 300, (method, path, text)
            continue
        kinds.add(kind(contract, method, path))
        block = visit.operation(method, path)
        for name, value in parameters.items():
            block.locator(f'tr[data-param-name="{name}"] input').fill(value)
        if examples:
            block.locator(REQUEST_EXAMPLES).select_option(value=examples[0])
        visit.execute(block)
        block.locator(".opblock-summary-control").click()
    assert executed > 0.75 * len(order)
    assert len(kinds) >= 5
    asked = {url.removeprefix(visit.origin + ROOT_PATH).partition("?")[0] for url in visit.requests}
    assert {"/forward", "/backprop", "/approximate", "/train", "/datasets"} <= asked


def test_a_picture_is_shown_as_a_picture(visit):
    visit.open()
    block = visit.operation("post", "/approximate")
    block.locator(".response-control-media-type select").first.select_option("image/png")
    visit.execute(block)
    picture = block.locator(".live-responses-table img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1600


def test_rows_of_numbers_stand_on_one_line_and_say_what_was_answered(visit):
    visit.open()
    block = visit.operation("post", "/backprop")
    block.locator(REQUEST_EXAMPLES).select_option(value="the-sheet")
    editor = block.locator("textarea.body-param__text")
    expect(editor).to_have_value(re.compile(re.escape("[0.1, -0.2],")))
    expect(block.locator(REQUEST_EXAMPLES)).to_have_value("the-sheet")
    question = json.loads(editor.input_value())
    visit.execute(block)
    shown = block.locator(".live-responses-table .response-col_description code").first.inner_text()
    answer = httpx.post(f"{visit.origin}/backprop", json=question).json()
    assert json.loads(shown) == answer
    assert json.dumps(answer["layers"][0]["s"]) in shown


def test_long_rows_are_filled_lines_and_brackets_in_strings_are_letters(visit):
    visit.open()
    value = {
        "row": list(range(1000)),
        "a": "[",
        "b": "]",
        "c": ["x]", "[1,"],
        "d": [],
        "e": [[], {}],
    }
    text = json.dumps(value, indent=2)
    tidied = visit.page.evaluate("text => tidied(text)", text)
    assert json.loads(tidied) == value
    assert max(map(len, tidied.splitlines())) <= 88
    assert len(tidied.splitlines()) < 80


def test_what_somebody_typed_stays_as_it_was_typed(visit):
    visit.open()
    block = visit.operation("post", "/forward")
    editor = block.locator("textarea.body-param__text")
    for text in ['{"x": [\n1,\n2]}', "[1,", "", "null"]:
        assert visit.page.evaluate("text => tidied(text)", text) == text
        editor.fill(text)
        expect(editor).to_have_value(text)


def test_a_link_to_an_operation_opens_it(browser, origin, contract):
    operation = contract["paths"]["/forward"]["post"]
    tag = operation["tags"][0].replace(" ", "%20")
    page = browser.new_page()
    page.goto(f"{origin}/docs#/{tag}/{operation['operationId']}")
    expect(page.get_by_role("button", name="Execute")).to_be_visible()
    page.close()


def test_nothing_on_the_page_is_wider_than_a_phone(visit):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.open()
    visit.execute(visit.operation("post", "/backprop"))
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_from_elsewhere_could_not_be_smuggled_in(origin):
    policy = httpx.get(f"{origin}/docs").headers["content-security-policy"]
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == allowed["style-src"] == allowed["connect-src"] == "'self'"


@pytest.mark.parametrize("path", ["missing.js", "..%2fendpoints%2fdocs.py", "..%2f..%2fREADME.md"])
def test_a_missing_file_is_a_404_and_no_file_outside_static_is_served(origin, path):
    answer = httpx.get(f"{origin}/static/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
