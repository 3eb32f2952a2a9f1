"""Fakes of the ports. tests/contracts holds them to the same suites as the real adapters."""
