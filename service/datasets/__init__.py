"""Data sets of clients: uploaded, described, stored, and read back."""
