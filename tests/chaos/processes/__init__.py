"""The functions of template.yaml as real processes that are killed at chosen AWS calls."""
