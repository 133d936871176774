"""Whatever encoding a PostgreSQL database was made with, it keeps a record."""

import psycopg
import pytest
from sqlalchemy import make_url
from submissions import submission

from service.jobs.storage.store import Store


@pytest.mark.parametrize("encoding", ["UTF8", "SQL_ASCII", "LATIN1"])
def test_a_record_lives_in_a_database_of_any_encoding(new_postgresql_url, tmp_path, encoding):
    server = make_url(new_postgresql_url()).set(query={})
    name = f"encoded_{encoding.lower()}"
    command = (
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' "
        "LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(command)
    url = server.set(database=name).render_as_string(hide_password=False)
    store = Store(url, data_directory=tmp_path)
    try:
        job = store.accept(submission(idempotency_key="ü", body_digest="0"))
        assert store.find(job.id) == job
        assert store.specification(job.id) == '{"eta": 0.01}'
    finally:
        store.close()
