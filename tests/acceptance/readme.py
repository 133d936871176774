"""The README's commands and answers: run them, compare them, or write them anew.

`python -m tests.acceptance.readme` runs the commands against a service of its own and writes the
answers into README.md.
"""

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.acceptance.server import running

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
ADDRESS = "http://127.0.0.1:8000"
END = "\n--- end of the block ---\n"
WIDTH = 112
BLOCK = re.compile(
    r"```sh\n(?P<command>.*?)```(?:\n\n```(?P<kind>json|text)\n(?P<answer>.*?)```)?", re.DOTALL
)


def run_commands(text: str, address: str) -> list[str]:
    """What each block of commands prints, all in one shell, in the order of the text."""
    commands = [match["command"].replace(ADDRESS, address) for match in BLOCK.finditer(text)]
    script = "".join(f"{command}\nprintf '%s' '{END}'\n" for command in commands)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(END)[:-1]


def written(value: Any, indent: str = "") -> str:
    """JSON as a person would break it into lines."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + len(indent) <= WIDTH or not isinstance(value, dict | list):
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {written(one, deeper)}" for key, one in value.items()]
    else:
        parts = [written(one, deeper) for one in value]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}{right}"


def _rewrite(text: str, outputs: list[str]) -> str:
    left = iter(outputs)

    def answered(match: re.Match[str]) -> str:
        output = next(left)
        if match["kind"] != "json":
            return match[0]
        return f"```sh\n{match['command']}```\n\n```json\n{written(json.loads(output))}\n```"

    return BLOCK.sub(answered, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address:
        text = README.read_text()
        README.write_text(_rewrite(text, run_commands(text, address)))
