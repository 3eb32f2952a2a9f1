"""What the address of a service tells: whether it is API Gateway's, and in which region."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_API_HOST = re.compile(r"\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$")


def aws_region(endpoint: str) -> str | None:
    """Return the region of an API Gateway address, None of any other."""
    try:
        match = _API_HOST.search(urlsplit(endpoint).hostname or "")
    except ValueError:  # half an IPv6 address
        return None
    return match["region"] if match else None
