"""Who is calling the HTTP API."""
