"""The schema that migrations build is the one the code speaks."""

from concurrent.futures import ThreadPoolExecutor

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from submissions import submission

from service.jobs.storage.database import Database
from service.jobs.storage.migrate import configuration, migrate, revisions
from service.jobs.storage.schema import METADATA
from service.jobs.storage.store import Store


def upgraded(database):
    """Bring the database to the newest schema by the migrations alone."""
    with database.write() as connection:
        command.upgrade(configuration(connection), "head")


def described(database):
    """What the database consists of, whatever the order of its columns."""
    kinds = ("columns", "indexes", "foreign_keys", "unique_constraints", "check_constraints")
    with database.read() as connection:
        found = inspect(connection)
        tables = {
            (table, kind): sorted(map(str, getattr(found, f"get_{kind}")(table)))
            for table in found.get_table_names()
            for kind in kinds
        }
        keys = {table: found.get_pk_constraint(table) for table in found.get_table_names()}
        rows = connection.execute(
            text("SELECT id, accepted, version_num FROM queue, alembic_version")
        ).all()
    return tables, keys, rows


def test_the_files_of_the_migrations_are_named_by_their_revisions():
    scripts = ScriptDirectory.from_config(configuration(None))
    assert revisions() == [script.revision for script in scripts.walk_revisions()][::-1]


def test_migrations_build_exactly_the_tables_of_the_schema(database_url):
    database = Database(database_url)
    upgraded(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        checks = inspect(connection).get_check_constraints("jobs")
    assert [check["name"] for check in checks] == ["jobs_state"]
    database.close()


def test_an_empty_database_gets_what_the_migrations_build(database_url):
    database = Database(database_url)
    migrate(database)
    created = described(database)
    with database.write() as connection:
        command.downgrade(configuration(connection), "base")
        connection.execute(text("DROP TABLE alembic_version"))
    upgraded(database)
    assert described(database) == created
    database.close()


def test_migrations_go_all_the_way_down_and_up_again(database_url):
    database = Database(database_url)
    migrate(database)
    with database.write() as connection:
        command.downgrade(configuration(connection), "base")
    with database.read() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(database)
    with database.read() as connection:
        assert set(METADATA.tables) < set(inspect(connection).get_table_names())
    database.close()


def test_many_processes_may_start_on_an_empty_database_at_once(database_url, tmp_path):
    def open_store(number):
        return Store(database_url, data_directory=tmp_path / str(number))

    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(open_store, range(6)))
    job = stores[0].accept(submission())
    assert all(store.find(job.id) == job for store in stores)
    for store in stores:
        store.close()
