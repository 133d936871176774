"""Without keys the service is this machine's own, and no page from elsewhere can borrow it."""

import subprocess

import pytest

from service.auth.exposure_check import UnprotectedBind, require_protection
from service.settings import Settings
from tests.acceptance.server import CHAINRULE
from tests.patience import patience
from tests.service.conversation import conversation


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
def test_the_machine_s_own_address_needs_no_reason(host):
    require_protection(Settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org", ""])  # noqa: S104
def test_any_other_needs_one(host):
    with pytest.raises(UnprotectedBind, match="CHAINRULE_API_KEYS_FILE"):
        require_protection(Settings(host=host))
    require_protection(Settings(host=host, allow_anonymous=True))
    require_protection(Settings(host=host, api_keys_file="keys"))


def test_the_command_says_so_and_does_not_serve():
    command = [CHAINRULE, "serve", "--host", "0.0.0.0", "--port", "0"]  # noqa: S104
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience(30))
    assert done.returncode == 2
    assert "CHAINRULE_ALLOW_ANONYMOUS=true" in done.stderr
    assert done.stdout == ""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with conversation(tmp_path_factory.mktemp("service")) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "[::1]", "[::1]:80"]
)
def test_it_answers_to_its_own_names(client, host):
    assert client.get("/datasets", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", "", "[::]"])
def test_a_name_that_somebody_pointed_here_is_no_name_of_ours(client, host):
    answer = client.get("/datasets", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


def test_open_to_the_world_it_answers_to_any_name(tmp_path):
    with conversation(tmp_path, allow_anonymous=True) as client:
        answer = client.get("/datasets", headers={"Host": "chainrule.example"})
        assert answer.status_code == 200
