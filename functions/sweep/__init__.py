"""Sweep: resume what stands still."""
