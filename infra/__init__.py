"""Where Fanfold runs: in an account (aws, terraform), on one machine, and in rehearsal of AWS."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder that functions, layers and template are in."""
