"""Random lives of documents, the same each time; `python -m tests.chaos.lives` draws others."""

from __future__ import annotations

from hypothesis import settings

from tests.chaos.machine import MACHINE, Lives

TestLives = Lives.TestCase
TestLives.settings = settings(MACHINE, max_examples=100)
