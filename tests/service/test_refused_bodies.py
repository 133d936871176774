"""A body is one JSON value in UTF-8 with no key twice, or it is refused; it is never a 5xx."""

import json

import pytest
from problem import problem, refusal
from questions import RIGHT, changed

JSON = {"Content-Type": "application/json"}
SHEET = json.dumps(RIGHT["/forward"]).encode()
DEEP = 100_000


def post(client, body, path="/forward"):
    return client.post(path, content=body, headers=JSON)


@pytest.mark.parametrize("path", RIGHT)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b" ", "EOF"),
        (b"{", "EOF"),
        (b"\xef\xbb\xbf" + SHEET, "line 1 column 1"),
        (SHEET.decode().encode("utf-16"), "line 1 column 1"),
        (SHEET.decode().encode("utf-16-be"), "line 1 column 1"),
        (SHEET.decode().encode("utf-32-le"), "line 1 column 2"),
        (b'{"\xff": 1}', "unicode"),
        (b'{"\xc0\xaf": 1}', "unicode"),  # an overlong slash
        (b'{"\xed\xa0\x80": 1}', "unicode"),  # half of a pair, in bytes
        (b'{"\\ud800": 1}', "hex escape"),  # half of a pair, escaped
        (b'{"\\udc00": 1}', "line 1 column"),
        (b'{"a\x00": 1}', "control character"),
        (SHEET + b"x", "trailing"),
        (SHEET + SHEET, "trailing"),
        (b"/* no */" + SHEET, "line 1 column 1"),
        (b"{'x': 1}", "line 1 column"),
        (b"{x: 1}", "line 1 column"),
        (b'{"x": undefined}', "line 1 column"),
        (b"[" * DEEP + b"]" * DEEP, "recursion"),
        (b"[" * DEEP, "recursion"),
        (b'{"x":' * DEEP + b"1" + b"}" * DEEP, "recursion"),
        (b'{"x": ' + b"[" * DEEP + b"]" * DEEP + b"}", "recursion"),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else None,
)
def test_what_is_not_json_is_refused(client, path, body, words):
    document = problem(post(client, body, path), 422)
    assert document["type"] == "urn:chainrule:problem:invalid-json"
    assert document["detail"].startswith("the body is not JSON: ")
    assert words in document["detail"]
    assert document["errors"] == [{"pointer": "", "detail": document["detail"]}]


@pytest.mark.parametrize("path", RIGHT)
def test_an_empty_body_is_missing(client, path):
    refusal(post(client, b"", path), 422, "", "missing")


@pytest.mark.parametrize("path", RIGHT)
@pytest.mark.parametrize("body", [b"null", b"true", b"1", b'"x"', b"[]", b"[1, 2]"])
def test_what_is_not_an_object_is_refused(client, path, body):
    refusal(post(client, body, path), 422, "", "object")


@pytest.mark.parametrize("size", [0, 20_000], ids=["small", "large"])
@pytest.mark.parametrize(
    ("once", "twice"),
    [
        (b'"x": [', b'"x": [], "x": ['),
        (b'"x": [', b'"x": [], "\\u0078": ['),
        (b'"biases": [', b'"biases": [1], "biases": ['),
        (b'"layers": [', b'"layers": [{}], "layers": ['),
    ],
)
def test_no_key_may_come_twice_at_any_depth(client, size, once, twice):
    document = problem(post(client, SHEET.replace(once, twice) + b" " * size), 422)
    assert "duplicate key" in document["detail"]


@pytest.mark.parametrize("size", [0, 20_000], ids=["small", "large"])
@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/forward", "/z"),
        ("/forward", "/network/z"),
        ("/forward", "/network/layers/0/z"),
        ("/forward", "/X"),
        ("/forward", "/x "),
        ("/backprop", "/target"),
        ("/approximate", "/z"),
        ("/approximate/compare", "/grid"),
        ("/train", "/z"),
        ("/train", "/data/z"),
        ("/train", "/network/layers/0/bias"),
    ],
)
def test_no_key_may_be_unknown_at_any_depth(client, path, pointer, size):
    body = json.dumps(changed(path, pointer, 1)).encode() + b" " * size
    refusal(post(client, body, path), 422, pointer, "no such key")


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/forward", "/x"),
        ("/forward", "/network"),
        ("/backprop", "/y"),
        ("/approximate/compare", "/function"),
        ("/train", "/data"),
    ],
)
def test_a_missing_key_is_named(client, path, pointer):
    body = {key: value for key, value in RIGHT[path].items() if f"/{key}" != pointer}
    refusal(client.post(path, json=body), 422, pointer, "missing")


def test_a_key_with_a_slash_is_escaped_in_the_pointer(client):
    question = RIGHT["/forward"] | {"a/b~c": 1}
    refusal(client.post("/forward", json=question), 422, "/a~1b~0c", "no such key")


def test_a_very_long_key_is_refused_like_a_short_one(client):
    question = RIGHT["/forward"] | {"k" * 10**6: 1}
    refusal(client.post("/forward", json=question), 422, "/" + "k" * 10**6, "no such key")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/jsonp",
        "application/vnd.api+json",
        "json",
        ",",
    ],
)
@pytest.mark.parametrize("path", RIGHT)
def test_only_json_in_utf8_is_read(client, path, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = client.post(path, content=json.dumps(RIGHT[path]).encode(), headers=headers)
    assert (content_type or "missing") in problem(response, 415)["detail"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'],
)
def test_json_is_read_however_its_type_is_spelled(client, content_type):
    response = client.post("/forward", content=SHEET, headers={"Content-Type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize("encoding", ["br", "zstd", "nonsense", "gzip, gzip"])
def test_an_encoded_body_is_refused_by_the_name_of_its_encoding(client, encoding):
    headers = JSON | {"Content-Encoding": encoding}
    response = client.post("/forward", content=SHEET, headers=headers)
    assert encoding in problem(response, 415)["detail"]
