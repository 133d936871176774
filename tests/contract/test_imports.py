"""What a process must not import, since it would start more slowly and hold more memory."""

import subprocess
import sys

import pytest

WEB = {"fastapi", "starlette", "uvicorn", "pydantic"}
DATABASE = {"sqlalchemy", "alembic"}
PICTURES = {"matplotlib", "PIL"}
MATHEMATICS = {"scipy", "sympy", "flint"}
EXTRAS = {"numba", "onnx", "safetensors", "distributed", "psycopg"}
EVERYTHING = WEB | DATABASE | PICTURES | MATHEMATICS | EXTRAS

TASK = "service.jobs.training.task"
MUST_NOT_IMPORT = {
    "chainrule --help": ("service.cli", EVERYTHING | {"numpy", "structlog"}),
    "an idle worker": ("service.jobs.executors.worker", EVERYTHING | {"numpy", "structlog"}),
    "a training worker": (TASK, WEB | DATABASE | PICTURES | MATHEMATICS | EXTRAS | {"structlog"}),
    "the supervisor": ("service.commands.supervisor", EVERYTHING | {"numpy"}),
    "chainrule serve": ("service.commands.serve", {"fastapi", "uvicorn", *DATABASE, *EXTRAS}),
    "chainrule doctor": ("service.commands.doctor", {"fastapi", "alembic", *PICTURES, *EXTRAS}),
    "the service": ("service.app", {"alembic", "scipy", "sympy", *PICTURES, *EXTRAS}),
}


@pytest.mark.parametrize(("module", "unwanted"), MUST_NOT_IMPORT.values(), ids=MUST_NOT_IMPORT)
def test_a_process_imports_only_what_it_needs(module, unwanted):
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert unwanted.intersection(done.stdout.split()) == set()
