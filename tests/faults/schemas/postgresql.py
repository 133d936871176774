"""Databases of their own on one server."""

from itertools import count

import psycopg

from tests.service.jobs.postgresql_server import Server

_NUMBERS = count()


def new_database(server: Server) -> str:
    """The URL of an empty one."""
    name = f"chainrule_{next(_NUMBERS)}"
    address = f"{server.url.replace('+psycopg', '')}/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.url}/{name}"
