"""Intake: a file has arrived."""
