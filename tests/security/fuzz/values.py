"""JSON values that a client might send in place of the right one."""

import json
from random import Random
from typing import Any

DEEP = 100_000
NASTY = [
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-1e-999",
    b"9" * 5000,
    b"0." + b"1" * 5000,
    b"1e" + b"9" * 100,
    b"-0",
    b"1" + b"0" * 400,
    b"18446744073709551616",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"[[]]",
    b"[[1],[1,2]]",
    b"[[[1]]]",
    b'""',
    b'"\\ud800"',
    b'"\\u0000"',
    b'"' + b"a" * 5000 + b'"',
    b"[" * DEEP,
    b"[" * DEEP + b"]" * DEEP,
    b'{"x":' * DEEP,
    b"[" + b'"a",' * 5000 + b"1]",
    b"{" + b",".join(b'"%d":1' % n for n in range(500)) + b"}",
    b"\xff\xfe",
    b"//",
    b"0x1",
]
LETTERS = [*range(0xD800), *range(0xE000, 0x110000)]
FORMULA = "x +-*/^().,e0123456789sincoxpabrtlgmh|πλ\u2212\u00b2"


def text(random: Random, most: int = 40) -> str:
    """Any letters of Unicode."""
    return "".join(chr(random.choice(LETTERS)) for _ in range(random.randrange(most)))


def formula(random: Random) -> str:
    """Text that resembles a formula."""
    return "".join(random.choice(FORMULA) for _ in range(random.randrange(60)))


def number(random: Random) -> float | int:
    """Of any size."""
    return random.choice(
        [
            random.randrange(-3, 20),
            random.uniform(-2, 2),
            random.choice([-1, 1]) * 10.0 ** random.uniform(-320, 308),
            random.randrange(-(2**70), 2**70),
        ]
    )


def changed(random: Random, question: Any) -> bytes:
    """The question as JSON, with one to three of its values replaced, left out or doubled."""
    question = json.loads(json.dumps(question))
    marks: dict[str, bytes] = {}
    for _ in range(random.randrange(1, 4)):
        _change(random, question, marks)
    body = json.dumps(question).encode()
    for mark, raw in marks.items():
        body = body.replace(f'"{mark}"'.encode(), raw)
    return body


def _change(random: Random, node: Any, marks: dict[str, bytes]) -> None:
    """Walk down by chance, and put something else there."""
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = random.choice(keys)
        if isinstance(node[key], dict | list) and random.random() < 0.7:
            node = node[key]
            continue
        match random.randrange(6):
            case 0:
                del node[key]
            case 1:
                node[key] = number(random)
            case 2:
                node[key] = formula(random) if random.random() < 0.7 else text(random)
            case 3 if isinstance(node, list):
                node.extend([node[key]] * random.randrange(100))
            case 4 if isinstance(node, dict):
                node[text(random)] = number(random)
            case _:
                mark = f"mark {len(marks)}"
                marks[mark] = random.choice(NASTY)
                node[key] = mark
        return
