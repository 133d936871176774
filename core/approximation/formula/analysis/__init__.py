"""What is known of a formula: its kinks, its limits, and the digits of its values."""
