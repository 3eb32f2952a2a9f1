"""HTTP in front of functions: a server for any client, and API Gateway as clients see it."""

PAYLOAD_BYTES = 6 * 1024 * 1024
"""Lambda's maximum of bytes of the event of a synchronous invocation, and of its response."""
