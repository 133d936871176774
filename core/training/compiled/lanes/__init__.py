"""64 bytes of numbers as one value of compiled code, with arithmetic and elementary functions."""
