"""Random lives of documents."""

from __future__ import annotations

from tests.chaos.machine import MACHINE, Lives

TestLives = Lives.TestCase
TestLives.settings = MACHINE
