"""HTTP and background jobs around the mathematics of `core`."""
