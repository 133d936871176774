"""The commands, code and answers in the README and in docs/: run, compare, or rewrite them.

`python -m tests.acceptance.documents` runs every command against a service of its own and writes
the answers and pictures into the documents.
"""

import doctest
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.acceptance.server import running

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PICTURES = ROOT / "docs" / "pictures"
ADDRESS = "http://127.0.0.1:8000"
END_OF_BLOCK = "\n--- end of the block ---\n"
WIDTH = 112
BLOCK = re.compile(
    r"```sh\n(?P<command>.*?)```(?:\n\n```(?P<kind>json|text)\n(?P<answer>.*?)```)?", re.DOTALL
)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
CHANGES_FROM_RUN_TO_RUN = {"id", "created_at", "started_at", "finished_at"}
OMITTED = "…"
"""As the last key of an object or the last item of an array: the rest is not shown."""


def run_commands(text: str, address: str, pictures: Path) -> list[str]:
    """Run all blocks of commands in one shell, in the order of the text; return what each prints.

    Pictures that the text writes to docs/pictures go to `pictures`.
    """
    script = "".join(
        f"{match['command']}\nprintf '%s' '{END_OF_BLOCK}'\n" for match in BLOCK.finditer(text)
    )
    script = script.replace(ADDRESS, address)
    script = script.replace(str(PICTURES.relative_to(ROOT)), str(pictures))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(END_OF_BLOCK)[:-1]


def run_python(document: Path) -> dict[str, Any]:
    """Run the Python blocks of a document in one namespace and return it.

    Blocks with `>>>` are doctests: what they print must be what the document shows.
    """
    names: dict[str, Any] = {}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for number, code in enumerate(PYTHON.findall(document.read_text())):
        if code.startswith(">>> "):
            example = doctest.DocTestParser().get_doctest(
                code, names, f"{document.name}[{number}]", str(document), 0
            )
            report: list[str] = []
            runner.run(example, out=report.append, clear_globs=False)
            assert runner.failures == 0, "".join(report)
            names = example.globs
        else:
            exec(compile(code, str(document), "exec"), names)  # noqa: S102 - the repository's own
    return names


def parse_answer(text: str) -> Any:
    """JSON as documents show it, with `…` in place of what is left out."""
    text = re.sub(r"…(?=\s*\})", f'"{OMITTED}": null', text)
    return json.loads(re.sub(r"…(?=\s*\])", f'"{OMITTED}"', text))


def abridge(answer: Any, shown: Any) -> Any:
    """The answer without what is omitted in `shown`, and with the names and times of `shown`."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        kept = {
            key: shown[key] if key in CHANGES_FROM_RUN_TO_RUN else abridge(answer[key], shown[key])
            for key in answer.keys() & shown.keys()
        }
        if OMITTED in shown:
            return {key: kept[key] for key in answer if key in kept} | {OMITTED: None}
        return {key: kept.get(key, value) for key, value in answer.items()}
    if isinstance(shown, list) and isinstance(answer, list):
        if OMITTED in shown:
            return [*map(abridge, answer, shown[:-1]), OMITTED]
        if len(shown) == len(answer):
            return list(map(abridge, answer, shown))
    return answer


def format_answer(value: Any, indent: str = "") -> str:
    """JSON broken into lines of at most `WIDTH` characters where it can be."""
    line = json.dumps(value, ensure_ascii=False)
    line = line.replace(f'"{OMITTED}": null', OMITTED).replace(f'"{OMITTED}"', OMITTED)
    if len(line) + len(indent) <= WIDTH or not isinstance(value, dict | list):
        return line
    deeper = indent + "  "
    parts = list(_parts(value, deeper))
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}{right}"


def _parts(value: dict[str, Any] | list[Any], indent: str) -> Iterator[str]:
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        if OMITTED in (key, item):
            yield OMITTED
        else:
            yield (f"{json.dumps(key)}: " if key is not None else "") + format_answer(item, indent)


def _rewrite(text: str, outputs: list[str]) -> str:
    remaining = iter(outputs)

    def with_answer(match: re.Match[str]) -> str:
        output = next(remaining)
        if match["answer"] is None:
            return match[0]
        answer = output.strip()
        if match["kind"] == "json":
            answer = format_answer(abridge(json.loads(output), parse_answer(match["answer"])))
        return f"```sh\n{match['command']}```\n\n```{match['kind']}\n{answer}\n```"

    return BLOCK.sub(with_answer, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as address:
        for document in DOCUMENTS:
            text = document.read_text()
            document.write_text(_rewrite(text, run_commands(text, address, PICTURES)))
