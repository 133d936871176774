"""The schema that migrations build is the one the code speaks."""

from concurrent.futures import ThreadPoolExecutor

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from submissions import submission

from service.jobs.storage.database import Database
from service.jobs.storage.migrate import configuration, migrate
from service.jobs.storage.schema import METADATA
from service.jobs.storage.store import Store


def test_migrations_build_exactly_the_tables_of_the_schema(database_url):
    database = Database(database_url)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        checks = inspect(connection).get_check_constraints("jobs")
    assert [check["name"] for check in checks] == ["jobs_state"]
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
