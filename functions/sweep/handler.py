"""Sweep: resume or end what stands still past its deadline."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from fanfold import bootstrap
from fanfold.edge import on_the_clock
from fanfold.stages import build

stage = bootstrap.prepared(build.sweep)


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Run every five minutes."""
    on_the_clock("sweep", context, stage())
