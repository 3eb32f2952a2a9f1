"""The commands: each reads its options, calls one function and returns its exit code."""
