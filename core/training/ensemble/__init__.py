"""Training of many networks that differ in their seed only."""
