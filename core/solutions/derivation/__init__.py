"""How each quantity is written down: formula, numbers plugged in, result."""
