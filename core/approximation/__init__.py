"""Functions and tables as ReLU networks: Task 7 of docs/exercise-sheet.md and its extensions."""
