"""The searchable PDF: the invisible layer, written, read back and grafted."""
