"""Adapters for one machine: SQLite for documents and queues, files for objects."""
