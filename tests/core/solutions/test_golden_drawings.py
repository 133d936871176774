"""A drawing stays as it is until someone changes it."""

import pytest
from golden_drawings import FIGURES, FOLDER, WRITERS, file_of


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("name", FIGURES)
def test_a_drawing_is_the_committed_one(name, ending):
    assert WRITERS[ending](FIGURES[name]()) == file_of(name, ending).read_text(encoding="utf-8")


def test_every_drawing_is_kept():
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}.{ending}" for name in FIGURES for ending in WRITERS
    }
