"""atheris (libFuzzer for Python) on one judge, with the modules instrumented for coverage."""

import json
import sys
from random import Random

import atheris

from tests.security.fuzz.values import changed

with atheris.instrument_imports(
    include=["core.approximation", "service.schemas", "service.serialization"]
):
    from tests.security.coverage import judges

JUDGES = {"formula": judges.judge_formula, "body": judges.judge_body}


def mutated(data: bytes, max_size: int, seed: int) -> bytes:
    """Bytes are changed as libFuzzer likes; what is JSON, every other time in one of its values."""
    random = Random(seed)  # noqa: S311
    try:
        question = json.loads(data)
    except (ValueError, RecursionError):
        return bytes(atheris.Mutate(data, max_size))
    if not (isinstance(question, dict | list) and question) or random.random() < 0.5:
        return bytes(atheris.Mutate(data, max_size))
    return changed(random, question)[:max_size]


if __name__ == "__main__":
    target, *options = sys.argv[1:]
    structured = {"custom_mutator": mutated} if target == "body" else {}
    atheris.Setup([target, "-timeout=10", *options], JUDGES[target], **structured)
    atheris.Fuzz()
