"""Worked solutions, reports and formulas stay as they are until someone changes them."""

import golden_glyphs
import pytest
from golden_documents import FOLDER, file_of, texts


@pytest.fixture(scope="module")
def written():
    return texts()


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_a_document_is_the_committed_one(written, path):
    assert written[path.stem] == path.read_text(encoding="utf-8")


def test_every_document_is_kept(written):
    assert {path.name for path in FOLDER.iterdir()} == {file_of(name).name for name in written}


def test_every_mark_and_every_kind_of_formula_is_written_as_before():
    assert golden_glyphs.text() == golden_glyphs.FILE.read_text(encoding="utf-8")
