"""Random kills while clients work, and a judge of all responses that they received."""
