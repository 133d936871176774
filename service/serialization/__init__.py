"""JSON to arrays and arrays to JSON."""
