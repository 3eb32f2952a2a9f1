"""`fanfold cost` and `fanfold plan`: options in, lines out. Neither needs a service."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.planning import measured as measurements
from cli.planning import prices, ramp
from client.errors import Usage

Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Measured = Annotated[
    Path | None, typer.Option(help="Another measurement, by python -m bench.cost --out.")
]
Waiting = Annotated[float, typer.Option(min=0, help="Seconds a page waits for AWS; an assumption.")]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter", "-p", metavar="NAME=VALUE", help="A parameter of template.yaml, repeatable."
    ),
]


def cost(  # noqa: PLR0913, PLR0917 - a command has as many parameters as it has options
    pages_per_day: Annotated[float, typer.Option(min=0.001, help="Pages read a day.")] = 1000,
    native: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pages with a text layer to trust.")
    ] = 0,
    keys: Annotated[int, typer.Option(min=0, help="KMS keys of your own.")] = 0,
    domain: Annotated[bool, typer.Option("--domain", help="A hosted zone.")] = False,
    health_check: Annotated[bool, typer.Option("--health-check", help="A health check.")] = False,
    waiting: Waiting = 0.25,
    outbound: Annotated[
        float, typer.Option(min=0, help="Bytes a page sends out through the NAT.")
    ] = 0,
    measured: Measured = None,
    parameter: Parameters = None,
    as_json: Json = False,
) -> None:
    """Price a month: what pages cost, and what an idle deployment does, beside Textract."""
    from cli.planning import bill, deployment  # noqa: PLC0415 - imports yaml
    from cli.planning import cost as report  # noqa: PLC0415 - imports yaml

    wish = bill.Wish(
        pages_per_day=pages_per_day, waiting=waiting,
        keys=keys, domain=domain, health_check=health_check,
        outbound_bytes=outbound,
    )  # fmt: skip
    case = report.Case(
        deployed=deployment.Deployment(_pairs(parameter)),
        prices=prices.load(),
        measured=measurements.load(measured or measurements.MEASURED),
        native=native,
        wish=wish,
    )
    typer.echo(
        json.dumps(report.data(case), indent=2) if as_json else report.text(case), nl=as_json
    )


def plan(  # noqa: PLR0913, PLR0917
    pages: Annotated[int, typer.Option(min=1, max=2_000_000, help="Pages to read.")] = 10_000,
    seconds_per_page: Annotated[
        float | None, typer.Option(min=0.001, help="As measured, if nothing is said.")
    ] = None,
    documents: Annotated[int, typer.Option(min=1, help="In so many documents.")] = 1,
    heavy: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pages read in the heavy lane.")
    ] = 0,
    heavy_seconds: Annotated[float, typer.Option(min=0.001, help="What each takes there.")] = 20,
    account: Annotated[
        int, typer.Option(min=1, help="Concurrent executions of the account; new ones have fewer.")
    ] = 1000,
    pollers: Annotated[
        str, typer.Option(metavar="LEAST:MOST", help="Provisioned mode for the page queue.")
    ] = "",
    parameter: Parameters = None,
    as_json: Json = False,
) -> None:
    """Say when the first and the last page of a load are read, and what bounds it."""
    from cli.planning import deployment, schedule  # noqa: PLC0415 - imports yaml

    template = deployment.Deployment(_pairs(parameter))
    found = measurements.load()
    if documents > pages:
        raise Usage(f"{pages} pages do not make {documents} documents.")
    load = replace(
        schedule.load(template, found, seconds_per_page),
        pages=pages, documents=documents, heavy_share=heavy, heavy=heavy_seconds,
    )  # fmt: skip
    schedule.refuse(template, load)
    question = schedule.Question(
        load, schedule.limits(template, account, ramp.parse_pollers(pollers)), prices.load()
    )
    lines = json.dumps(schedule.data(question), indent=2) if as_json else schedule.text(question)
    typer.echo(lines, nl=as_json)


def _pairs(given: list[str] | None) -> dict[str, str]:
    pairs = dict(item.partition("=")[::2] for item in given or [])
    if empty := [name for name, value in pairs.items() if not name or not value]:
        raise Usage(f"--parameter takes NAME=VALUE, not {empty[0]!r}.")
    return pairs
