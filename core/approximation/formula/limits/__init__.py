"""Values of a formula at points where it has only a limit as it is written."""
