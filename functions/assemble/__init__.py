"""Assemble: fold the pages into the results."""
