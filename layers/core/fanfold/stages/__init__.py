"""The use cases: plain functions over ports."""
