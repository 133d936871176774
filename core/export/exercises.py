"""The file formats of exercise sheets; an entry of the table is a format."""

from collections.abc import Callable, Sequence

from core.export.file_format import FileFormat
from core.solutions.exercises.formats.documents import documents_zip
from core.solutions.exercises.formats.moodle import moodle_cloze, moodle_numerical
from core.solutions.exercises.formats.numbas.exam import numbas_exam
from core.solutions.exercises.formats.prairielearn import question_folders
from core.solutions.exercises.formats.qti import qti_package
from core.solutions.exercises.handout import Handout

Sheets = Sequence[Handout]


def _text(write: Callable[[Sheets], str]) -> Callable[[Sheets], bytes]:
    return lambda sheets: write(sheets).encode()


EXERCISE_FORMATS: dict[str, FileFormat[Sheets]] = {
    "zip": FileFormat("application/zip", "zip", documents_zip),
    "moodle": FileFormat("application/vnd.moodle+xml", "xml", _text(moodle_cloze)),
    "moodle_numerical": FileFormat("application/vnd.moodle+xml", "xml", _text(moodle_numerical)),
    "qti": FileFormat("application/vnd.ims.qti+zip", "zip", qti_package),
    "numbas": FileFormat("application/vnd.numbas.exam", "exam", _text(numbas_exam)),
    "prairielearn": FileFormat("application/vnd.prairielearn+zip", "zip", question_folders),
}
"""By the name that `?format=` takes."""
