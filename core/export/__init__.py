"""Networks and approximations as files: for other programs, languages and solvers, and back."""
