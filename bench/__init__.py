"""Benchmarks that drive the command line's client; each prints ratios of one run."""
