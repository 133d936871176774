"""Files of clients as tables: CSV, JSON and npz."""
