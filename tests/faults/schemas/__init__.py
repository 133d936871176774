"""Databases as earlier releases left them, one dump for each schema and each kind of database."""
