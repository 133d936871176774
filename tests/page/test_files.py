"""The files of the page: what is sent, how long it is kept, and that nothing is missing."""

import gzip
import re
from hashlib import sha256

import pytest

from service.endpoints.page import FILES
from tests.page.networks import shown

GOLDEN_LAYERS = [
    {
        "weights": [[0.1, -0.2], [-0.4, -0.8], [0.6, 0.6]],
        "biases": [0.2, -0.4, 0.4],
        "activation": "sigmoid",
    },
    {
        "weights": [[0.4, 0.2, 0.2], [0.1, 0.3, 0.5]],
        "biases": [-0.6, 0.5],
        "activation": "sigmoid",
    },
]
MAX_LINES = 250
MAX_FIRST_BYTES = 150_000
"""Of all that the page loads before its first view is there, in gzip where that helps."""
MAX_BYTES = {".woff2": 54_000, ".css": 12_000, ".html": 6_000}
MAX_ALL_BYTES = 220_000


@pytest.fixture(scope="module")
def addresses(client):
    return re.findall(r'(?:href|src)="(static/[^"]+)"', client.get("/").text)


def test_the_page_may_load_and_ask_its_own_service_only(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "font-src", "connect-src")} == {
        "'self'"
    }
    assert "style=" not in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)


def test_the_modules_of_the_first_view_are_loaded_with_the_page(client, addresses):
    loaded = {address.split("/", 2)[2] for address in addresses if address.endswith(".js")}
    assert {"main.js", "view/by_hand.js", "vendor/preact.js"} <= loaded
    assert "view/train.js" not in loaded
    for address in addresses:
        assert client.get(f"/{address}").status_code == 200


def test_what_the_style_sheets_and_modules_refer_to_is_there():
    for path in FILES.rglob("*.css"):
        for name in re.findall(r"url\(([^)]+)\)", path.read_text()):
            assert (path.parent / name).is_file()
    for path in FILES.rglob("*.js"):
        for name in re.findall(r'^import .* from "([^"]+)";$', path.read_text(), re.MULTILINE):
            assert (path.parent / name).is_file(), (path, name)


def test_files_are_immutable_and_the_page_is_revalidated(client, addresses):
    kept = client.get(f"/{addresses[0]}").headers["cache-control"]
    assert "immutable" in kept
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "identity;q=0.1, GZIP"])
def test_gzip_is_the_same_file_under_another_tag(client, addresses, accepted):
    address = f"/{addresses[0]}"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    coded = client.get(address, headers={"Accept-Encoding": accepted})
    assert coded.headers["content-encoding"] == "gzip"
    assert coded.content == plain.content
    assert coded.headers["etag"] != plain.headers["etag"]
    assert coded.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.000", "br"])
def test_who_does_not_take_gzip_gets_the_file_as_it_is(client, addresses, accepted):
    answer = client.get(f"/{addresses[0]}", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("name", ["missing.js", "..%2fdocs.html", "%2e%2e/docs.html", "", "view"])
def test_nothing_but_the_files_themselves_is_sent(client, addresses, name):
    directory = addresses[0].rsplit("/", 1)[0]
    answer = client.get(f"/{directory}/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_cannot_be_posted_to(client, addresses):
    answer = client.post(f"/{addresses[0]}")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def sent(path):
    """How many bytes a browser gets for a file."""
    content = path.read_bytes()
    return len(content if path.suffix == ".woff2" else gzip.compress(content, 9))


def test_the_page_is_small(client, addresses):
    sizes = {suffix: sum(sent(path) for path in FILES.rglob(f"*{suffix}")) for suffix in MAX_BYTES}
    assert {suffix: size for suffix, size in sizes.items() if size > MAX_BYTES[suffix]} == {}
    first = sum(sent(FILES / address.split("/", 2)[2]) for address in set(addresses))
    assert first + sizes[".woff2"] + sizes[".html"] <= MAX_FIRST_BYTES
    assert sum(sent(path) for path in FILES.rglob("*.*") if path.suffix != ".txt") <= MAX_ALL_BYTES


def test_every_module_has_one_purpose_that_fits_on_a_few_screens():
    ours = [path for path in FILES.rglob("*.js") if path.parent.name != "vendor"]
    long = {path.name: n for path in ours if (n := len(path.read_text().splitlines())) > MAX_LINES}
    assert long == {}
    assert all(path.read_text().startswith("/** ") for path in ours)


def test_the_vendored_script_is_the_one_that_was_built():
    digest = sha256((FILES / "vendor" / "preact.js").read_bytes()).hexdigest()
    assert digest in (FILES / "vendor" / "README.md").read_text()


def test_the_first_picture_has_the_numbers_of_the_service(client):
    picture = client.get("/").text
    assert "style=" not in picture
    question = {
        "network": {"layers": GOLDEN_LAYERS},
        "x": [1, 2],
        "y": [0, 1],
    }
    answer = client.post("/backprop", json=question).json()
    numbers = [answer["loss"]]
    for layer in answer["layers"]:
        numbers += layer["s"] + layer["x"]
    for number in numbers:
        assert shown(number) in picture
    for layer in GOLDEN_LAYERS:
        for weight in (w for row in layer["weights"] for w in row):
            assert f">{shown(weight)}</text>" in picture
