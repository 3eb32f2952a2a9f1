"""One folder per step of the flow, each a thin handler."""
