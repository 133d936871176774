"""`python -m tests.faults.schemas`: write the dumps of the newest schema, before it is released."""

import sys
import tempfile
from pathlib import Path

from tests.faults.schemas.dumps import as_sql, dump_of
from tests.faults.schemas.jobs import leave_behind
from tests.faults.schemas.postgresql import new_database
from tests.service.jobs.postgresql_server import new_server


def main() -> None:
    with tempfile.TemporaryDirectory() as name, new_server() as server:
        folder = Path(name)
        urls = {
            "sqlite": f"sqlite:///{folder}/chainrule.db",
            "postgresql": new_database(server),
        }
        for kind, url in urls.items():
            path = dump_of(leave_behind(folder, url), kind)
            path.write_text(as_sql(url))
            sys.stdout.write(f"{path}: {path.stat().st_size:,} bytes\n")


main()
