"""A database of an earlier schema opens with its jobs in it; one of a later schema is refused."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from service.jobs.storage.database import Database
from service.jobs.storage.migrate import configuration, migrate
from service.jobs.storage.store import Store
from tests.faults.schemas.dumps import KINDS, dump_of, load
from tests.faults.schemas.jobs import FINISHED, IN_WORK
from tests.faults.schemas.postgresql import new_database
from tests.service.conversation import conversation
from tests.service.jobs.postgresql_server import binary, new_server
from tests.service.questions import RIGHT

SCRIPTS = ScriptDirectory.from_config(configuration(None))
NEWEST, *EARLIER = [script.revision for script in SCRIPTS.walk_revisions()]
"""A new migration is among them by itself."""
DUMPED = [revision for revision in (NEWEST, *EARLIER) if dump_of(revision, "sqlite").exists()]


@pytest.fixture(scope="module")
def postgresql():
    if binary("initdb") is None or binary("postgres") is None:
        pytest.skip("PostgreSQL is not installed")
    with new_server() as server:
        yield server


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def url(kind, tmp_path, request):
    """An empty database."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path}/chainrule.db"
    return new_database(request.getfixturevalue("postgresql"))


def trained(client, question):
    job = client.post("/train", json=question).headers["location"]
    assert client.ended(job)["state"] == "succeeded"
    return job


def known(client, job):
    return [client.get(job + part).json() for part in ("", "/history", "/network")]


def curve(client, job):
    assert client.ended(job)["state"] == "succeeded"
    return client.get(f"{job}/history").json()["loss"]


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    """What the jobs in the dumps come to today, without a break."""
    with conversation(tmp_path_factory.mktemp("today")) as client:
        return {
            question["iterations"]: curve(client, trained(client, question))
            for question in (FINISHED, IN_WORK)
        }


def test_every_schema_that_was_followed_by_another_has_a_dump():
    # `python -m tests.faults.schemas` writes those of the newest.
    missing = [(revision, kind) for revision in EARLIER for kind in KINDS]
    assert [each for each in missing if not dump_of(*each).exists()] == []


@pytest.mark.parametrize("revision", DUMPED)
def test_a_database_of_an_earlier_release_opens_and_its_jobs_go_on(
    tmp_path, url, kind, revision, curves
):
    load(dump_of(revision, kind).read_text(), url)
    with conversation(tmp_path, database_url=url) as client:
        jobs = client.get("/train").json()["jobs"]
        assert [job["state"] for job in jobs] in (["queued", "succeeded"], ["running", "succeeded"])
        for job in jobs:
            found = curve(client, f"/train/{job['id']}")
            assert found == pytest.approx(curves[job["iterations"]], rel=1e-6)
        trained(client, RIGHT["/train"])


@pytest.mark.parametrize("revision", EARLIER)
def test_jobs_outlive_the_way_down_to_a_schema_and_up_again(tmp_path, url, revision):
    with conversation(tmp_path, database_url=url) as client:
        job = trained(client, RIGHT["/train"])
        before = known(client, job)
    database = Database(url)
    with database.write() as connection:
        command.downgrade(configuration(connection), revision)
    database.close()
    with conversation(tmp_path, database_url=url) as client:
        assert known(client, job) == before
        trained(client, RIGHT["/train"])


def test_a_schema_brought_up_twice_is_the_same(tmp_path, url):
    with conversation(tmp_path, database_url=url) as client:
        job = trained(client, RIGHT["/train"])
    for _ in range(2):
        database = Database(url)
        migrate(database)
        database.close()
    store = Store(url)
    assert store.find(job.rpartition("/")[2]).finished
    store.close()


def test_the_schema_of_a_later_release_is_told_and_left_alone(tmp_path, url):
    database = Database(url)
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with conversation(tmp_path, database_url=url) as client:
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert "newer release" in answer.json()["detail"]
        assert client.post("/forward", json=RIGHT["/forward"]).status_code == 200
        assert client.post("/train", json=RIGHT["/train"]).status_code == 503
    with database.read() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert found == "9999"
    database.close()
