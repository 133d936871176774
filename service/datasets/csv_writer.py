"""Rows of a table as CSV (RFC 4180): commas, a header, missing values empty."""

import csv
import io

from core.tables.column import text_of
from core.tables.table import Table


def write_csv(table: Table) -> bytes:
    """The names and the rows, numbers with the digits that give them back."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(table.names)
    for row in table.labels():
        writer.writerow([text_of(label) for label in row])
    return file.getvalue().encode()
