"""What is computed, quantity by quantity, in whichever arithmetic: exact, rounded, or intervals."""
