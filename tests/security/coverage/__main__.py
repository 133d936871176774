"""`python -m tests.security.coverage formula|body [libFuzzer's options]`.

`-runs=1000000 -seed=1` says how many inputs and from which seed. An input that breaks a promise
ends it with its trace, and is written to a file; given in place of the options it is judged again.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.security.coverage import seeds


def main(target: str, *options: str) -> int:
    with tempfile.TemporaryDirectory() as name:
        inputs, words = Path(name, "inputs"), Path(name, "words")
        inputs.mkdir()
        for number, data in enumerate(seeds.INPUTS[target]):
            (inputs / f"{number:04}").write_bytes(data)
        words.write_text("".join(f'"{word}"\n' for word in seeds.WORDS[target]))
        command = [sys.executable, "-m", "tests.security.coverage.fuzzer", target]
        # libFuzzer ends its process, so it gets one of its own.
        return subprocess.run([*command, f"-dict={words}", *options, str(inputs)]).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
