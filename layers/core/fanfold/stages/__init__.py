"""The use cases: each a frozen value that holds its ports and is called with a message."""
