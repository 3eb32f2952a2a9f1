"""What a test needs that not every machine has, and how it comes there."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from fanfold.ocr.recognise.neural import models

second_reader = pytest.mark.skipif(
    not models.installed(),
    reason="the second reader is not installed: scripts/setup.sh dev brings it where pip has it",
)
apt = pytest.mark.skipif(
    shutil.which("apt-get") is None,
    reason="the layer is made of Debian's packages, and apt-get is not here to fetch them",
)
linux = pytest.mark.skipif(
    not (sys.platform == "linux" and Path("/proc/self/maps").exists()),
    reason="this is about inotify and /proc, which Linux alone has",
)
