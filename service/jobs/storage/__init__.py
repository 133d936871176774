"""Job rows, checkpoints and data in the database."""
