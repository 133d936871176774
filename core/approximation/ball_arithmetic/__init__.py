"""Rigorous enclosures of formulas by Arb ball arithmetic."""
