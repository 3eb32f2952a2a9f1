"""`fanfold cost` and `fanfold plan`: options in, lines out. Neither needs a service."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from cli.commands import options
from client.errors import Usage

_SHARE = click.FloatRange(0, 1)
_AMOUNT = click.FloatRange(min=0)
_TIME = click.FloatRange(min=0.001)
_COUNT = click.IntRange(min=1)
_parameter = click.option(
    "--parameter", "-p", metavar="NAME=VALUE", multiple=True,
    help="A parameter of template.yaml, repeatable.",
)  # fmt: skip
_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.command(context_settings={"show_default": True})
@click.option("--pages-per-day", type=_TIME, default=1000, help="Pages read a day.")
@click.option(
    "--document-pages", type=_COUNT, show_default=False, help="Pages of a document; as measured."
)
@click.option("--native", type=_SHARE, default=0, help="Share of pages with a text layer to trust.")
@click.option(
    "--second", type=_SHARE, default=0, help="Share of the others that both readers read."
)
@click.option("--keys", type=click.IntRange(min=0), default=0, help="KMS keys of your own.")
@click.option("--domain", is_flag=True, help="A hosted zone.")
@click.option("--health-check", is_flag=True, help="A health check.")
@click.option(
    "--waiting", type=_AMOUNT, default=0.25, help="Seconds a page waits for AWS; an assumption."
)
@click.option("--outbound", type=_AMOUNT, default=0, help="Bytes a page sends out through the NAT.")
@click.option(
    "--measured", type=options.PATH, help="Another measurement, by python -m bench.cost --out."
)
@_parameter
@_json
def cost(  # noqa: PLR0913 - a command has as many parameters as it has options
    *,
    pages_per_day: float,
    document_pages: int | None,
    native: float,
    second: float,
    keys: int,
    domain: bool,
    health_check: bool,
    waiting: float,
    outbound: float,
    measured: Path | None,
    parameter: tuple[str, ...],
    as_json: bool,
) -> None:
    """Price a month: what pages cost, and what an idle deployment does, beside Textract."""
    from cli.planning import bill, deployment, prices  # noqa: PLC0415 - for this command alone
    from cli.planning import cost as report  # noqa: PLC0415
    from cli.planning import measured as measurements  # noqa: PLC0415

    wish = bill.Wish(
        pages_per_day=pages_per_day, document_pages=document_pages, waiting=waiting,
        keys=keys, domain=domain, health_check=health_check,
        outbound_bytes=outbound,
    )  # fmt: skip
    case = report.Case(
        deployed=deployment.Deployment(_pairs(parameter)),
        prices=prices.load(),
        measured=measurements.load(measured or measurements.MEASURED),
        native=native,
        second=second,
        wish=wish,
    )
    click.echo(
        json.dumps(report.data(case), indent=2) if as_json else report.text(case), nl=as_json
    )


@click.command(context_settings={"show_default": True})
@click.option("--pages", type=click.IntRange(1, 2_000_000), default=10_000, help="Pages to read.")
@click.option("--seconds-per-page", type=_TIME, help="As measured, if nothing is said.")
@click.option("--documents", type=_COUNT, default=1, help="In so many documents.")
@click.option("--heavy", type=_SHARE, default=0, help="Share of pages read in the heavy lane.")
@click.option("--heavy-seconds", type=_TIME, default=20, help="What each takes there.")
@click.option(
    "--account",
    type=_COUNT,
    default=1000,
    help="Concurrent executions of the account; new ones have fewer.",
)
@click.option(
    "--pollers",
    default="",
    metavar="LEAST:MOST",
    show_default=False,
    help="Provisioned mode for the page queue.",
)
@_parameter
@_json
def plan(  # noqa: PLR0913
    *,
    pages: int,
    seconds_per_page: float | None,
    documents: int,
    heavy: float,
    heavy_seconds: float,
    account: int,
    pollers: str,
    parameter: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say when the first and the last page of a load are read, and what bounds it."""
    from cli.planning import (  # noqa: PLC0415 - for this command alone
        deployment,
        measured,
        prices,
        ramp,
        schedule,
    )

    template = deployment.Deployment(_pairs(parameter))
    found = measured.load()
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
    click.echo(lines, nl=as_json)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(item.partition("=")[::2] for item in given)
    if empty := [name for name, value in pairs.items() if not name or not value]:
        raise Usage(f"--parameter takes NAME=VALUE, not {empty[0]!r}.")
    return pairs
