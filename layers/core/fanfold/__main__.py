"""The command `fanfold`, also as ``python -m fanfold``: what stands around the package, found.

In the repository that is the repository itself; an installed package brings it along in a folder of
its own, so that no name as common as ``cli`` lies beside other people's packages.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BROUGHT = _PACKAGE / "house"


def main() -> None:
    """Run the command line from where it is."""
    house = _BROUGHT if _BROUGHT.is_dir() else _PACKAGE.parents[2]
    sys.path.insert(0, str(house))
    sys.argv[0] = "fanfold"
    runpy.run_module("cli", run_name="__main__")


if __name__ == "__main__":
    main()
