"""A client of the HTTP API: the service as a Python object, its answers and errors."""
