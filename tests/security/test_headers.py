"""Every answer has the security headers; pages of other origins need permission."""

import pytest

from tests.service.conversation import conversation

ELSEWHERE = "https://school.example"
ADDRESSES = [
    ("GET", "/datasets"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/static/docs.js"),
    ("GET", "/health/live"),
    ("GET", "/metrics"),
    ("GET", "/nowhere"),
    ("PUT", "/forward"),
    ("POST", "/forward"),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with conversation(tmp_path_factory.mktemp("service")) as client:
        yield client


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_every_answer_is_strict(client, method, address):
    headers = client.request(method, address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers.get_list("content-security-policy") == [policy]
    assert "server" not in headers


def test_an_answer_that_is_no_page_may_not_do_anything(client):
    picture = {"function": "x", "interval": [0, 1], "n": 3}
    answer = client.post("/approximate", json=picture, headers={"Accept": "image/svg+xml"})
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("part", ["bytes=9-1", "bytes=0-1", "bytes=-1", "lines=1-2", ",", "bytes="])
@pytest.mark.parametrize("address", ["/docs", "/static/docs.js", "/openapi.json", "/datasets"])
def test_no_part_of_an_answer_is_given_alone(client, address, part):
    whole = client.get(address)
    assert client.get(address, headers={"Range": part}).content == whole.content


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_pages_from_elsewhere_are_not_let_in(client, method, address):
    headers = {"Origin": ELSEWHERE, "Access-Control-Request-Method": method}
    for answer in (
        client.request(method, address, headers=headers),
        client.request("OPTIONS", address, headers=headers),
    ):
        assert not any(name.startswith("access-control") for name in answer.headers)


def test_a_page_from_a_named_origin_may_ask_without_cookies(tmp_path):
    keys = tmp_path / "keys"
    keys.touch()
    settings = {"cors_origins": [ELSEWHERE], "api_keys_file": str(keys)}
    with conversation(tmp_path, **settings) as client:
        asked = {
            "Origin": ELSEWHERE,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        preflight = client.request("OPTIONS", "/train", headers=asked)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == ELSEWHERE
        refused = client.post("/train", json={}, headers={"Origin": ELSEWHERE})
        assert refused.status_code == 401
        assert refused.headers["access-control-allow-origin"] == ELSEWHERE
        exposed = refused.headers["access-control-expose-headers"]
        assert "Location" in exposed
        assert "Retry-After" in exposed
        assert "access-control-allow-credentials" not in refused.headers
        stranger = client.post("/train", json={}, headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers
