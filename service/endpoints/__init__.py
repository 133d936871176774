"""One file per resource: unpack, call the core, pack."""
