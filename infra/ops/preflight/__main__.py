"""Say what an account lacks: ``python -m infra.ops.preflight -p PageConcurrency=200``.

Ends with 1 where a deployment with these parameters would fail or crawl, with 2 where that cannot
be told.
"""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.ops.preflight import account, wanted
from infra.ops.preflight.advice import findings
from infra.template.intrinsics import TemplateError


def main(arguments: list[str] | None = None) -> int:
    """Ask, compare, say."""
    asked = _arguments(arguments)
    try:
        needs = wanted.read(dict(pair.split("=", 1) for pair in asked.parameter))
        found = list(findings(account.read(boto3.Session(region_name=asked.region)), needs))
    except (TemplateError, BotoCoreError, ClientError) as error:
        print(f"preflight: {error}", file=sys.stderr)
        return 2
    for one in found:
        print(f"{'!' if one.stops else '-'} {one.says}\n  {one.do}")
    stops = sum(one.stops for one in found)
    print(f"preflight: {stops} to mend before the deployment" if stops else "preflight: ready")
    return 1 if stops else 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="preflight", description="Say what an account lacks for a deployment."
    )
    parser.add_argument(
        "-p", "--parameter", metavar="NAME=VALUE", action="append", default=[], type=_pair,
        help="a parameter of the template, repeatable",
    )  # fmt: skip
    parser.add_argument("--region", help="where; else the profile's")
    return parser.parse_args(arguments)


def _pair(given: str) -> str:
    if "=" not in given:
        raise argparse.ArgumentTypeError(f"{given!r} is not NAME=VALUE")
    return given


if __name__ == "__main__":
    sys.exit(main())
