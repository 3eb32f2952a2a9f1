"""What is done with a data folder besides serving from it."""

from __future__ import annotations

from fanfold.disk.checkup import Checkup, check, clear

__all__ = ["Checkup", "check", "clear"]
