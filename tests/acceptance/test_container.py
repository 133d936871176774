"""`docker compose up` on a machine with an engine gives the service, and its jobs outlive it."""

import json
import logging
import os
import shutil
import socket
import subprocess
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.patience import patience

# Building an image takes as long as the network does.
pytestmark = [pytest.mark.container, pytest.mark.timeout(1800)]
log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
PYTHON_IMAGE = os.environ.get("PYTHON_IMAGE", "python:3.13-slim")
REQUIREMENTS = os.environ.get("REQUIREMENTS", "requirements.txt")
HEALTHY_SECONDS = 90
TRAINED_SECONDS = 60
MAX_ADDED_BYTES = {"requirements.txt": 260 * 10**6, "requirements-fast.txt": 480 * 10**6}
"""Of the image beyond its base image."""
MAX_START_SECONDS = 5.0
"""From the start of the container to the first answer of /health/ready."""
MAX_IDLE_BYTES = 300 * 2**20

SHEET = {
    "network": {
        "layers": [
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
    },
    "x": [1, 2],
}
JOB = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
    "data": {"dataset": "moons", "samples": 100, "noise": 0.1, "seed": 1},
    "eta": 0.5,
    "iterations": 300,
}


def output_of(*command, **more):
    return subprocess.run(
        command, check=True, capture_output=True, text=True, **more
    ).stdout.strip()


def succeeds(*command):
    return shutil.which(command[0]) and not subprocess.run(command, capture_output=True).returncode


def compose_command():
    """Find Compose: a plugin of docker today, a program of its own before."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if succeeds(*command, "version"):
            return command
    return None


@dataclass(frozen=True)
class Deployment:
    """A project of its own name, so that nothing else on the engine is touched."""

    compose: list[str]
    environment: dict[str, str]
    port: int

    def run(self, *arguments):
        return output_of(*self.compose, *arguments, env=self.environment, cwd=ROOT)

    def container(self):
        return self.run("ps", "-q", "chainrule")

    def inside(self, *command):
        return output_of("docker", "exec", self.container(), *command)

    def told_by_python(self, program):
        """There is nothing else in there to ask with."""
        return self.inside("python", "-c", program)

    def inspect(self):
        return json.loads(output_of("docker", "inspect", self.container()))[0]

    def wait_until_healthy(self):
        deadline = time.monotonic() + patience(HEALTHY_SECONDS)
        while (state := self.inspect()["State"])["Health"]["Status"] != "healthy":
            assert time.monotonic() < deadline, json.dumps(state) + self.run("logs")
            time.sleep(0.5)

    def is_ready(self):
        with self.client() as client:
            try:
                return client.get("/health/ready").status_code == 200
            except httpx.TransportError:
                return False

    def client(self):
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)


@pytest.fixture(scope="module")
def engine():
    if not succeeds("docker", "info"):
        pytest.skip("no container engine answers")
    compose = compose_command()
    if compose is None:
        pytest.skip("there is no Compose")
    if not (
        succeeds("docker", "image", "inspect", PYTHON_IMAGE)
        or succeeds("docker", "pull", "-q", PYTHON_IMAGE)
    ):
        pytest.skip(f"the base image {PYTHON_IMAGE} is not here and cannot be pulled")
    dangling = ("docker", "images", "-q", "--filter", "dangling=true")
    before = set(output_of(*dangling).split())
    yield compose
    # The classic builder keeps the first stage as an image without a name.
    for image in set(output_of(*dangling).split()) - before:
        subprocess.run(["docker", "rmi", image], capture_output=True, check=False)


@pytest.fixture(scope="module")
def deployment(engine, tmp_path_factory):
    project = f"chainrule-test-{uuid.uuid4().hex[:8]}"
    override = tmp_path_factory.mktemp("compose") / "override.json"
    # A build in this test may need the network of the machine to reach its package index.
    service = {"image": project, "build": {"network": "host"}}
    override.write_text(json.dumps({"services": {"chainrule": service}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    files = ["-f", "docker-compose.yml", "-f", str(override)]
    deployment = Deployment(
        [*engine, "-p", project, *files],
        {
            **os.environ,
            "PYTHON_IMAGE": PYTHON_IMAGE,
            "REQUIREMENTS": REQUIREMENTS,
            "CHAINRULE_PORT": str(port),
        },
        port,
    )
    try:
        deployment.run("build")
        deployment.run("up", "-d")
        deployment.wait_until_healthy()
        yield deployment
    finally:
        deployment.run("down", "-v")
        # Only the images of this project: others may be in use elsewhere.
        subprocess.run(["docker", "rmi", project], capture_output=True, check=False)


def test_the_sheet_is_computed_through_the_published_port(deployment):
    with deployment.client() as client:
        answer = client.post("/forward", json=SHEET)
    assert answer.status_code == 200
    assert [round(value, 2) for value in answer.json()["output"]] == [0.45, 0.74]


def test_the_docs_come_from_the_image(deployment):
    with deployment.client() as client:
        assert client.get("/docs").status_code == 200
        assert client.get("/static/swagger-ui/swagger-ui-bundle.js").status_code == 200


def trained(client, job):
    deadline = time.monotonic() + patience(TRAINED_SECONDS)
    while (answer := client.get(f"/train/{job}").json())["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
    return answer


def test_a_trained_job_is_still_there_after_a_restart_and_after_a_new_container(deployment):
    with deployment.client() as client:
        accepted = client.post("/train", json=JOB)
        assert accepted.status_code == 202
        job = accepted.json()["id"]
        before = trained(client, job)
        assert before["state"] == "succeeded"
        network = client.get(f"/train/{job}/network").json()
        assert client.get(f"/train/{job}/plot").content.startswith(b"\x89PNG")
    first = deployment.container()
    for again in (["restart"], ["up", "-d", "--force-recreate"]):
        deployment.run(*again)
        deployment.wait_until_healthy()
        with deployment.client() as client:
            assert client.get(f"/train/{job}").json() == before
            assert client.get(f"/train/{job}/network").json() == network
    assert deployment.container() != first


def test_the_service_runs_without_privileges_on_a_root_it_cannot_write(deployment):
    assert deployment.told_by_python("import os; print(os.getuid())") == "10001"
    for path in ("/opt/chainrule/file", "/etc/file", "/file"):
        with pytest.raises(subprocess.CalledProcessError) as e:
            deployment.told_by_python(f"open({path!r}, 'w')")
        assert "Read-only file system" in e.value.stderr
    status = deployment.told_by_python("print(open('/proc/1/status').read())")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(fields[capabilities], 16) == 0
    assert fields["NoNewPrivs"].strip() == "1"
    host = deployment.inspect()["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["PidsLimit"] > 0


def test_the_first_line_of_the_log_is_the_address_of_the_page(deployment):
    logged = deployment.run("logs", "--no-color").splitlines()
    lines = [line.partition("|")[2].strip() for line in logged if "|" in line]
    assert lines[0] == f"Chainrule listens on http://127.0.0.1:{deployment.port}"
    with deployment.client() as client:
        assert "<title>" in client.get("/").text


def test_size_start_and_idle_memory_are_within_their_bounds(deployment):
    image = deployment.inspect()["Image"]
    sizes = [
        int(output_of("docker", "image", "inspect", "-f", "{{.Size}}", name))
        for name in (image, PYTHON_IMAGE)
    ]
    deployment.run("restart")
    started = datetime.fromisoformat(deployment.inspect()["State"]["StartedAt"][:26] + "+00:00")
    deadline = time.monotonic() + patience(HEALTHY_SECONDS)
    while not deployment.is_ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    seconds = (datetime.now(UTC) - started).total_seconds()
    deployment.wait_until_healthy()
    # Without the page cache, as the engine shows it.
    idle = int(deployment.told_by_python(MEMORY))
    measured = {"added": sizes[0] - sizes[1], "total": sizes[0], "start": seconds, "idle": idle}
    log.info("%s", measured)  # shown by --log-cli-level=info
    assert measured["added"] <= MAX_ADDED_BYTES[REQUIREMENTS]
    assert seconds <= patience(MAX_START_SECONDS)
    assert idle <= MAX_IDLE_BYTES


def test_the_port_is_published_on_the_loopback_only(deployment):
    published = deployment.inspect()["NetworkSettings"]["Ports"][f"{deployment.port}/tcp"]
    assert [binding["HostIp"] for binding in published] == ["127.0.0.1"]


@pytest.mark.parametrize("module", ["pip", "ensurepip", "setuptools", "pytest"])
def test_the_image_cannot_install_anything(deployment, module):
    base = deployment.told_by_python("import sys; print(sys._base_executable)")
    for python in ("/opt/chainrule/bin/python", base):
        with pytest.raises(subprocess.CalledProcessError) as e:
            deployment.inside(python, "-c", f"import {module}")
        assert "ModuleNotFoundError" in e.value.stderr


MEMORY = """
from pathlib import Path
group = Path("/sys/fs/cgroup")
if (group / "memory.current").exists():
    used, files = (group / "memory.current").read_text(), "inactive_file "
    statistics = (group / "memory.stat").read_text()
else:
    used, files = (group / "memory/memory.usage_in_bytes").read_text(), "total_inactive_file "
    statistics = (group / "memory/memory.stat").read_text()
cache = next(line for line in statistics.splitlines() if line.startswith(files))
print(int(used) - int(cache.split()[1]))
"""
INIT = {"docker-init"}
"""Which the engine puts in, by `init: true`."""
PROGRAMS = """
import os
for folder, _, names in os.walk("/", onerror=lambda error: None):
    if folder.startswith(("/proc", "/sys", "/dev")):
        continue
    for name in names:
        path = os.path.join(folder, name)
        status = os.lstat(path)
        if status.st_mode & 0o6000:
            print("set-id", path)
        if folder.endswith(("/bin", "/sbin")) and status.st_mode & 0o111:
            print("program", path)
"""


def test_the_image_has_no_shell_and_no_program_but_its_own(deployment):
    found = [line.split() for line in deployment.told_by_python(PROGRAMS).splitlines()]
    assert [path for kind, path in found if kind == "set-id"] == []
    outside = [path for _, path in found if not path.startswith("/opt/chainrule/bin/")]
    assert {Path(path).name.rstrip("0123456789.") for path in outside} - INIT == {"python"}
