"""Random lives of documents; `make chaos` plays more of them."""

from __future__ import annotations

from hypothesis import settings

from tests.chaos.machine import Lives

TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
