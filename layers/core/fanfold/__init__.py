"""Fanfold: documents into text, page by page.

The package behind every function and the command line. Which room may import which is written
in docs/architecture.md and checked by ``make check``.
"""

__version__ = "0.1.0"
