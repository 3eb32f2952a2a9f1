"""Unit tests open no socket."""

from __future__ import annotations

import pytest_socket


def pytest_runtest_setup() -> None:
    pytest_socket.disable_socket(allow_unix_socket=True)


def pytest_runtest_teardown() -> None:
    pytest_socket.enable_socket()
