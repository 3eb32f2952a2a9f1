"""The API's description, made of its operations: OpenAPI 3.1, and a page for people."""
