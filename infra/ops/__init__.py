"""What operators run against a deployed stack: smoke test, protection, removal."""
