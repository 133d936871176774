"""`docker compose --profile cluster up`: replicas on one record, workers that may be killed."""

import json
import os
import secrets
import ssl
import subprocess
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from tests.acceptance.server import free_port
from tests.acceptance.test_container import (
    JOB,
    PYTHON_IMAGE,
    ROOT,
    engine,  # noqa: F401 - a fixture
    output_of,
    succeeds,
    trained,
)
from tests.patience import patience

pytestmark = [pytest.mark.container, pytest.mark.timeout(1800)]

CADDY_IMAGE = os.environ.get("CADDY_IMAGE", "caddy:2")
POSTGRES_IMAGE = os.environ.get("POSTGRES_IMAGE", "postgres:17")
READY_SECONDS = 120
SCALE = ("--scale", "api=2", "--scale", "worker=2")
ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt"
"""Of the authority that Caddy makes for itself where the site is no public name."""
SHARED = {
    "architecture": {"sizes": [2, 64, 64, 1], "activations": ["tanh", "tanh", "sigmoid"]},
    "data": {"dataset": "spirals", "samples": 20_000, "noise": 0.1},
    "loss": "binary_cross_entropy",
    "optimizer": "adam",
    "iterations": 100,
    "data_parallel": 2,
}
# Everything in a container but its first process, which then ends it.
KILL = """
import os, signal
for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
    if process not in (1, os.getpid()):
        os.kill(process, signal.SIGKILL)
"""


@dataclass(frozen=True)
class Cluster:
    """A project of its own name, so that nothing else on the engine is touched."""

    compose: list[str]
    environment: dict[str, str]

    def run(self, *arguments):
        return output_of(*self.compose, *arguments, env=self.environment, cwd=ROOT)

    def containers(self, service):
        return self.run("ps", "-q", service).split()


def is_ready(client):
    try:
        return client.get("/health/ready").status_code == 200
    except httpx.TransportError:
        return False


def workers(client):
    lines = client.get("/metrics").text.splitlines()
    return [float(line.split()[1]) for line in lines if line.startswith("chainrule_workers ")]


def is_here(image):
    return succeeds("docker", "image", "inspect", image) or succeeds("docker", "pull", "-q", image)


def wait_until(condition, cluster):
    deadline = time.monotonic() + patience(READY_SECONDS)
    while not condition():
        assert time.monotonic() < deadline, cluster.run("logs", "--tail", "50")
        time.sleep(0.5)


@pytest.fixture(scope="module")
def cluster(engine, tmp_path_factory):  # noqa: F811
    for image in (PYTHON_IMAGE, POSTGRES_IMAGE):
        if not is_here(image):
            pytest.skip(f"the image {image} is not here and cannot be pulled")
    project = f"chainrule-test-{uuid.uuid4().hex[:8]}"
    override = tmp_path_factory.mktemp("compose") / "override.json"
    # A build in this test may need the network of the machine to reach its package index.
    builds = {name: {"build": {"network": "host"}} for name in ("api", "scheduler", "worker")}
    override.write_text(json.dumps({"services": builds}))
    profiles = ["--profile", "cluster", "--profile", "proxy"]
    files = ["-f", "docker-compose.yml", "-f", str(override), *profiles]
    environment = {
        **os.environ,
        "PYTHON_IMAGE": PYTHON_IMAGE,
        "POSTGRES_IMAGE": POSTGRES_IMAGE,
        "CHAINRULE_CLUSTER_IMAGE": project,
        "CADDY_IMAGE": CADDY_IMAGE,
        "CHAINRULE_TLS_PORT": str(free_port()),
        "CHAINRULE_CLUSTER_PORTS": "18001-18099",
        "CHAINRULE_DATABASE_PASSWORD": secrets.token_hex(24),
    }
    cluster = Cluster([*engine, "-p", project, *files], environment)
    try:
        cluster.run("build", "api")
        cluster.run("up", "-d", *SCALE, "api", "worker")
        yield cluster
    finally:
        cluster.run("down", "-v")
        subprocess.run(["docker", "rmi", project], capture_output=True, check=False)


@pytest.fixture
def clients(cluster):
    """One for each replica, once it is ready."""
    with ExitStack() as stack:
        clients = []
        for container in cluster.containers("api"):
            address = output_of("docker", "port", container, "8000/tcp")
            client = stack.enter_context(httpx.Client(base_url=f"http://{address}", timeout=30))
            wait_until(partial(is_ready, client), cluster)
            clients.append(client)
        yield clients


@pytest.fixture
def proxied(cluster, clients):
    """A client of both replicas through the proxy, which trusts its certificate alone."""
    if not is_here(CADDY_IMAGE):
        pytest.skip(f"the image {CADDY_IMAGE} is not here and cannot be pulled")
    cluster.run("up", "-d", "--no-recreate", *SCALE, "proxy")
    (container,) = cluster.containers("proxy")

    def certificate():
        command = ["docker", "exec", container, "cat", ROOT_CERTIFICATE]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    wait_until(lambda: "END CERTIFICATE" in certificate(), cluster)
    context = ssl.create_default_context(cadata=certificate())
    address = f"https://localhost:{cluster.environment['CHAINRULE_TLS_PORT']}"
    with httpx.Client(base_url=address, verify=context, timeout=30) as client:
        wait_until(partial(is_ready, client), cluster)
        yield client


def test_the_proxy_serves_both_replicas_by_tls(cluster, proxied):
    started = set()

    def start_times():
        lines = proxied.get("/metrics").text.splitlines()
        started.update(line for line in lines if line.startswith("process_start_time_seconds "))
        return len(started) == 2

    wait_until(start_times, cluster)
    accepted = proxied.post("/train", json=JOB)
    assert accepted.status_code == 202
    # Addresses that the service writes lead through the proxy.
    assert trained(proxied, accepted.headers["Location"].rpartition("/")[2])["state"] == "succeeded"


def test_the_proxy_passes_events_on_as_they_come(proxied):
    path = proxied.post("/train", json=JOB | {"iterations": 10**7}).headers["Location"]
    names = []
    with proxied.stream("GET", f"{path}/events") as stream:
        for line in stream.iter_lines():
            if not line.startswith("event: "):
                continue
            names.append(line.removeprefix("event: "))
            if len(names) == 1:  # the job still runs: nothing waited for its end
                assert proxied.post(f"{path}/cancel").status_code == 200
    assert names[0] == "job"
    assert names[-1] == "end"


def test_two_replicas_have_one_record(clients):
    one, other = clients
    job = one.post("/train", json=JOB).json()["id"]
    assert trained(other, job)["state"] == "succeeded"
    path = f"/train/{job}/network"
    assert one.get(path).json() == other.get(path).json()


def test_a_killed_worker_costs_no_bit_and_comes_back(cluster, clients):
    one, other = clients
    wait_until(lambda: workers(one) == [2.0], cluster)
    undisturbed = one.post("/train", json=SHARED).json()["id"]
    assert trained(one, undisturbed)["state"] == "succeeded"
    job = one.post("/train", json=SHARED).json()["id"]
    wait_until(lambda: one.get(f"/train/{job}").json()["iteration"] > 5, cluster)
    killed = cluster.containers("worker")[0]
    subprocess.run(["docker", "exec", killed, "python", "-c", KILL], check=False)
    assert trained(other, job)["state"] == "succeeded"
    networks = [one.get(f"/train/{each}/network").json() for each in (undisturbed, job)]
    assert networks[0] == networks[1]
    wait_until(lambda: workers(one) == [2.0], cluster)
    assert output_of("docker", "inspect", "-f", "{{.RestartCount}}", killed) == "1"


def test_a_killed_replica_leaves_its_jobs_to_the_other(cluster, clients):
    one, other = clients
    jobs = [client.post("/train", json=SHARED).json()["id"] for client in (one, other)]
    wait_until(lambda: other.get(f"/train/{jobs[0]}").json()["iteration"] > 5, cluster)
    output_of("docker", "kill", "-s", "KILL", cluster.containers("api")[0])
    assert [trained(other, job)["state"] for job in jobs] == ["succeeded"] * 2


def test_neither_database_nor_scheduler_can_be_reached_from_outside(cluster):
    for service in ("database", "scheduler", "worker"):
        for container in cluster.containers(service):
            (details,) = json.loads(output_of("docker", "inspect", container))
            assert not any(details["NetworkSettings"]["Ports"].values())
            assert len(details["NetworkSettings"]["Networks"]) == 1
            (network,) = details["NetworkSettings"]["Networks"]
            assert json.loads(output_of("docker", "network", "inspect", network))[0]["Internal"]
