"""Results of jobs, read from the database."""
