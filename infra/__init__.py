"""Where Fanfold runs: in an account (aws, terraform) and on one machine (local)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder that functions, layers and template are in."""
