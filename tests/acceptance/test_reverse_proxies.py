"""The service behind nginx, Caddy and Traefik, configured as the documents say."""

import json
from contextlib import ExitStack

import httpx
import pytest

from service.auth.key_file import KeyFile
from tests.acceptance.reverse_proxies import DOCUMENTED, NGINX_DEFAULTS, Proxy
from tests.acceptance.server import running

FOREVER = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 100},
    "iterations": 10_000_000,
}
XOR = FOREVER | {"data": {"dataset": "xor"}, "iterations": 10}
PATIENCE_SECONDS = 60.0


def start(stack, folder, proxy: Proxy, **settings) -> tuple[str, str]:
    """The addresses of a service and of a proxy before it."""
    if proxy.path is None:
        pytest.skip(f"{proxy.program} is not installed")
    address = stack.enter_context(running(folder, CHAINRULE_WORKERS="1", **settings))
    before = proxy.before(folder / "proxy", address.removeprefix("http://"))
    return address, stack.enter_context(before)


@pytest.fixture(scope="module", params=DOCUMENTED)
def proxied(request, tmp_path_factory):
    """A client of the service behind one of the documented proxies."""
    folder = tmp_path_factory.mktemp("service")
    key = KeyFile(folder / "keys").add("Alice")
    with ExitStack() as stack:
        _, address = start(
            stack,
            folder,
            DOCUMENTED[request.param],
            CHAINRULE_ROOT_PATH="/chainrule",
            CHAINRULE_TRUSTED_PROXIES="127.0.0.1",
            CHAINRULE_API_KEYS_FILE=str(folder / "keys"),
        )
        headers = {"Authorization": f"Bearer {key}"}
        client = httpx.Client(base_url=address, headers=headers, timeout=PATIENCE_SECONDS)
        yield stack.enter_context(client)


@pytest.fixture(scope="module")
def defaults(tmp_path_factory):
    """Addresses of a service and of nginx with its default settings before it."""
    with ExitStack() as stack:
        yield start(
            stack,
            tmp_path_factory.mktemp("service"),
            NGINX_DEFAULTS,
            CHAINRULE_MAX_BODY_BYTES="1000000",
        )


def root_of(client):
    return str(client.base_url).removesuffix("/chainrule/")


def test_every_address_that_the_service_writes_leads_back_to_it(proxied):
    answer = proxied.post("/train", json=XOR, headers={"Prefer": "wait=60"})
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "wait=50"
    path = answer.headers["location"]
    assert path.startswith("/chainrule/train/")
    found = httpx.get(root_of(proxied) + path, headers=proxied.headers)
    assert found.json()["id"] == answer.json()["id"]
    assert proxied.get("/docs").status_code == 200
    assert proxied.get("/").status_code == 200
    servers = proxied.get("/openapi.json").json()["servers"]
    assert servers == [{"url": "/chainrule"}]


def test_refusals_arrive_through_the_documented_proxies(proxied):
    body = b"[" + b"1," * 400_000 + b"1]"
    for _ in range(10):
        for path, headers, status in (
            ("/nothing", {}, 404),
            ("/forward", {"Authorization": "Bearer wrong"}, 401),
            ("/forward", {"Content-Type": "text/plain"}, 415),
        ):
            answer = proxied.post(path, content=body, headers=headers)
            assert answer.status_code == status


def test_events_arrive_one_by_one(proxied):
    path = proxied.post("/train", json=FOREVER).headers["location"].removeprefix("/chainrule")
    seen = []
    with proxied.stream("GET", f"{path}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line.removeprefix("data: "))["state"])
            if len(seen) == 3:
                break
    # The job would train for hours: these have not waited for the end of the stream.
    assert seen == ["queued", "running", "running"]
    assert proxied.delete(path).status_code == 204


@pytest.mark.parametrize(
    ("path", "size", "headers", "status"),
    [
        ("/forward", 900_000, {"Content-Type": "text/plain"}, 415),
        ("/forward", 1_900_000, {"Content-Type": "application/json"}, 413),
        ("/nothing", 1_900_000, {}, 404),
        ("/metrics", 1_900_000, {}, 405),
    ],
)
def test_a_refusal_arrives_through_nginx_while_its_body_is_sent(
    defaults, path, size, headers, status
):
    _, address = defaults
    with httpx.Client(base_url=address, timeout=PATIENCE_SECONDS) as client:
        answers = [client.post(path, content=bytes(size), headers=headers) for _ in range(40)]
    assert {answer.status_code for answer in answers} == {status}
    assert all(
        answer.headers["content-type"].startswith("application/problem") for answer in answers
    )


def clients_at(address, *local_addresses):
    return [
        httpx.Client(
            base_url=address,
            transport=httpx.HTTPTransport(local_address=local),
            timeout=PATIENCE_SECONDS,
        )
        for local in local_addresses
    ]


@pytest.mark.parametrize("trusted", ["", "127.0.0.1/32"])
def test_clients_behind_a_trusted_proxy_have_allowances_of_their_own(tmp_path, trusted):
    with ExitStack() as stack:
        service, address = start(
            stack,
            tmp_path,
            DOCUMENTED["nginx"],
            CHAINRULE_ROOT_PATH="/chainrule",
            CHAINRULE_TRUSTED_PROXIES=trusted,
            CHAINRULE_ALLOW_ANONYMOUS="true",
            CHAINRULE_REQUESTS_PER_MINUTE="5",
        )
        one, other = map(stack.enter_context, clients_at(address, "127.0.0.2", "127.0.0.3"))
        mine = [one.get("/datasets").status_code for _ in range(7)]
        assert mine[:5] == 5 * [200]
        assert 429 in mine
        assert other.get("/datasets").status_code == (200 if trusted else 429)
        # Who is no trusted proxy cannot choose an address, and who is behind one cannot either.
        (direct,) = map(stack.enter_context, clients_at(service, "127.0.0.4"))
        chosen = [{"X-Forwarded-For": f"203.0.113.{number}"} for number in range(7)]
        assert 429 in [direct.get("/datasets", headers=header).status_code for header in chosen]
        assert 429 in [one.get("/datasets", headers=header).status_code for header in chosen]
