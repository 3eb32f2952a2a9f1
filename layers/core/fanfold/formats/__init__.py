"""The output formats: each renders the same page model."""
