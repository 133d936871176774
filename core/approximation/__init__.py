"""Functions as ReLU networks: the sheet's Task 7 and what grows from it."""
