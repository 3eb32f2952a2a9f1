"""Hostile input: what files can do to those who open them, and that it ends typed."""
