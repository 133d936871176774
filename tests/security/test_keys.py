"""A key authenticates its owner, is stored as a hash, and is refused once revoked."""

import os
import stat

import pytest

from service.auth.api_keys import StoredKey, id_of, new_key
from service.auth.key_file import KeyFile
from service.commands import keys
from tests.service.conversation import conversation


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def file(path):
    return KeyFile(path)


def test_a_key_is_known_by_its_holder_s_name_and_another_is_not(file):
    alice, bob = file.add("Alice"), file.add("Bob")
    assert file.holder(alice) == "Alice"
    assert file.holder(bob) == "Bob"
    assert file.holder(new_key("Alice")[0]) is None


def test_every_letter_of_a_key_counts(file):
    key = file.add("Alice")
    for place in range(len(key)):
        other = "x" if key[place] != "x" else "y"
        assert file.holder(key[:place] + other + key[place + 1 :]) is None
    for wrong in (key[:-1], key + "x", key.upper(), "", "_", "chainrule__", id_of(key)):
        assert file.holder(wrong) is None


def test_the_file_has_hashes_alone_and_is_for_its_owner_s_eyes(file, path):
    key = file.add("Alice")
    secret = key.split("_", 2)[2]
    assert secret not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_has_256_bits_of_chance():
    secrets = {new_key("x")[0].split("_", 2)[2] for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) == 43 for secret in secrets)  # 32 bytes in base64


def test_a_revoked_key_opens_nothing_and_the_others_still_do(file):
    alice, bob = file.add("Alice"), file.add("Bob")
    file.revoke("Alice")
    assert file.holder(alice) is None
    assert file.holder(bob) == "Bob"


def test_another_process_s_change_is_seen_with_the_next_question(file, path):
    alice = file.add("Alice")
    assert file.holder(alice) == "Alice"
    bob = KeyFile(path).add("Bob")
    assert file.holder(bob) == "Bob"
    KeyFile(path).revoke("Alice")
    assert file.holder(alice) is None


def test_the_mode_of_the_file_stays_what_its_owner_made_it(file, path):
    file.add("Alice")
    path.chmod(0o640)
    file.add("Bob")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["", " Alice", "Alice\n", "A\tB", "x" * 65, "a\x00b", "a\u2028b"])
def test_a_name_is_one_that_can_stand_in_a_line(file, name):
    with pytest.raises(ValueError, match="name"):
        file.add(name)


def test_nobody_has_two_keys_and_nobody_is_revoked_twice(file):
    file.add("Alice")
    with pytest.raises(ValueError, match="already"):
        file.add("Alice")
    file.revoke("Alice")
    with pytest.raises(ValueError, match="no key"):
        file.revoke("Alice")


@pytest.mark.parametrize("line", ["x", "id 00 name", "id zz name", f"id {'0' * 64}"])
def test_a_damaged_line_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        StoredKey.read(line)


def test_the_command_prints_a_key_once_and_revokes_it(file, path, capsys):
    keys.run(["add", "Alice", "--file", str(path)])
    key = capsys.readouterr().out.strip()
    assert file.holder(key) == "Alice"
    keys.run(["revoke", "Alice", "--file", str(path)])
    assert file.holder(key) is None
    assert keys.run(["revoke", "Alice", "--file", str(path)]) == 1
    assert "no key" in capsys.readouterr().err


def test_the_command_lists_names_and_no_secret(path, capsys):
    for name in ("Alice", "Bob"):
        keys.run(["add", name, "--file", str(path)])
    capsys.readouterr()
    assert keys.run(["list", "--file", str(path)]) == 0
    listed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [name for _, name in listed] == ["Alice", "Bob"]
    assert {len(key_id) for key_id, _ in listed} == {12}


@pytest.fixture
def guarded(tmp_path, path, file):
    alice = file.add("Alice")
    with conversation(tmp_path, api_keys_file=str(path)) as client:
        yield client, {"Authorization": f"Bearer {alice}"}


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A service whose keys no client has."""
    folder = tmp_path_factory.mktemp("closed")
    KeyFile(folder / "keys").add("Alice")
    with conversation(folder, api_keys_file=str(folder / "keys")) as client:
        yield client


PRIVATE = [
    ("POST", "/forward"),
    ("POST", "/train"),
    ("GET", "/train"),
    ("GET", "/datasets"),
    ("GET", "/metrics"),
    ("GET", "/nowhere"),
    ("GET", "/health"),
    ("GET", "/%2fdocs"),
]


@pytest.mark.parametrize(("method", "address"), PRIVATE)
@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Basic QTpC", "bearer chainrule_00_x", "\xff"],
)
def test_without_a_key_the_answer_is_401_whatever_was_asked(closed, method, address, authorization):
    headers = {} if authorization is None else {"Authorization": authorization.encode("latin-1")}
    answer = closed.request(method, address, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("address", ["/", "/about", "/health/live", "/docs", "/openapi.json"])
def test_health_and_the_way_in_need_no_key(closed, address):
    assert closed.get(address).status_code == 200


def test_with_a_key_one_is_let_in(guarded):
    client, authorization = guarded
    assert client.get("/datasets", headers=authorization).status_code == 200
    assert client.get("/nowhere", headers=authorization).status_code == 404


def test_a_file_that_cannot_be_read_lets_nobody_in_until_it_can(guarded, path):
    client, authorization = guarded
    content = path.read_text()
    for change in (path.unlink, lambda: path.write_text("not a line of keys\n")):
        change()
        answer = client.get("/datasets", headers=authorization)
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert client.get("/health/live").status_code == 200
        path.write_text(content)
        os.utime(path)
        assert client.get("/datasets", headers=authorization).status_code == 200
