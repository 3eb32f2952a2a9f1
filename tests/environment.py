"""What a machine has set for its user's own purposes, which tests must neither need nor notice."""

from __future__ import annotations

import os
import re

_FOREIGN = re.compile(
    r"(AWS|FANFOLD|POWERTOOLS|OMP|FONTCONFIG|TESSDATA)_.*|(HTTP|HTTPS|ALL|NO)_PROXY|_X_AMZN_.*",
    re.IGNORECASE,
)
_NOBODY = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Stands for the user's files of credentials, and for the role of the machine."""


def forget() -> None:
    """Take what leads to AWS, to a proxy, or to other programs and data out of this process.

    A test that means to have one of these sets it.
    """
    for name in [name for name in os.environ if _FOREIGN.fullmatch(name)]:
        del os.environ[name]
    os.environ |= _NOBODY
