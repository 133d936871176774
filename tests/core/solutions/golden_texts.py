"""The text of one sheet of every kind, with its key, as Markdown.

`python tests/core/solutions/golden_texts.py` rewrites the files after an intended change; the
difference is reviewed with the commit.
"""

import re
from pathlib import Path

from golden_sheets import TASKS

from core.solutions.exercises.handout import Handout
from core.solutions.renderers.markdown import markdown

FOLDER = Path(__file__).parent / "golden" / "texts"
SEED = 1
PICTURE = re.compile(r"(data:image/svg\+xml;base64),\S+")


def text_of(name):
    """The sheet and its key; drawings have tests of their own."""
    return PICTURE.sub(r"\1,…", markdown(Handout(TASKS[name], SEED).document(with_key=True)))


def file_of(name):
    return FOLDER / f"{name}.md"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for task in TASKS:
        file_of(task).write_text(text_of(task))
