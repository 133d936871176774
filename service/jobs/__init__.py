"""Jobs that nothing can lose: the record, the driver with the loop, the engine of pure workers."""
