"""Reading of CSV files: processor time and memory by their length and kind.

    python benchmarks/csv_upload.py

Each file is read in a process of its own, so that its largest memory is that of the reader.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import numpy as np

COLUMNS = 10
TEXTS = ("setosa", "versicolor", "virginica")
PIECE = 10_000


def write(path: Path, rows: int, texts: int) -> None:
    """A file whose last columns are texts, the others numbers of six digits."""
    generator = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(f"c{number}" for number in range(COLUMNS)) + "\n")
        for _ in range(0, rows, PIECE):
            numbers = generator.normal(size=(PIECE, COLUMNS - texts)).tolist()
            words = generator.integers(0, len(TEXTS), size=(PIECE, texts)).tolist()
            for row, codes in zip(numbers, words, strict=True):
                fields = [f"{x:.6g}" for x in row] + [TEXTS[code] for code in codes]
                file.write(",".join(fields) + "\n")


def read(path: str) -> None:
    """Print the seconds and the megabytes of one reading, without the import."""
    from service.datasets.readers.csv_reader import read_csv
    from service.datasets.readers.dialect import Dialect

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = process_time()
    table = read_csv(Path(path).open, Dialect(), lambda *_: None).table
    seconds = process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{len(table):>9,} rows {seconds:6.2f} s {memory / 1024:6.0f} MB", end="")


def main() -> None:
    """Write and read files of numbers, and of numbers and texts."""
    for rows in (100_000, 300_000, 1_000_000):
        for texts in (0, 2):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "table.csv"
                write(path, rows, texts)
                done = subprocess.run(  # noqa: S603 - this very file
                    [sys.executable, __file__, str(path)],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                megabytes = path.stat().st_size / 2**20
                print(
                    f"{done.stdout}  {COLUMNS - texts} numbers, {texts} texts, {megabytes:.0f} MB"
                )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(sys.argv[1])
    else:
        main()
