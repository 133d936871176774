"""Exercise sheets as Numbas exams, whose adaptive marking follows a slip through the sheet."""
