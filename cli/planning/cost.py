"""`fanfold cost`: a month priced for every network and both architectures, as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from cli.planning import bill, second
from cli.planning.bill import Architecture, Deployed, Line, Network, Wish
from cli.planning.measured import Kind, Measurement
from cli.planning.prices import Prices

_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """What is priced. ``native`` is the share of pages with a text layer that is trusted.

    ``second`` is the share of the others that the heavy lane's second reader reads, too.
    """

    deployed: Deployed
    prices: Prices
    measured: Measurement
    native: float
    wish: Wish
    second: float = 0.0

    @property
    def kind(self) -> Kind:
        """The page between both kinds."""
        share = {"scan": 1 - self.native, "native": self.native}
        return self.measured.mixed(share, self.document_pages)

    @property
    def document_pages(self) -> float:
        """Pages of a document."""
        return self.wish.document_pages or self.measured.pages

    @property
    def between(self) -> list[Line]:
        """The lines of what lies between a page's original and its results."""
        return bill.between(self.kind, self.deployed, self.prices)

    def page(self, **change: Any) -> list[Line]:  # noqa: ANN401 - fields of Wish
        """Return the lines of one page, under a changed wish."""
        lines = bill.page(self.kind, self.deployed, self.prices, replace(self.wish, **change))
        share, price = self.second * (1 - self.native), bill.total(self.both(**change))
        return [*lines, Line("second reader", share, "pages", price)]

    def both(self, **change: Any) -> list[Line]:  # noqa: ANN401
        """Return what a page costs beyond its own lines that both readers read."""
        return second.page(self.deployed, self.prices, replace(self.wish, **change))

    def idle(self, **change: Any) -> list[Line]:  # noqa: ANN401
        """Return the lines of an idle month, under a changed wish."""
        return bill.idle(self.deployed, self.prices, replace(self.wish, **change))

    def month(self, **change: Any) -> float:  # noqa: ANN401
        """Return a month's dollars, under a changed wish."""
        reading = bill.total(self.page(**change)) * self.wish.pages
        return reading + bill.total(self.idle(**change))

    def hourly(self, network: Network) -> float:
        """Return what a network costs in an hour, whether or not anything is read."""
        wish = replace(self.wish, network=network)
        return bill.total(bill.network(self.deployed, self.prices, wish, hours=1))

    @property
    def textract(self) -> float:
        """What Textract takes for the same pages, in dollars a month."""
        return self.wish.pages * self.prices["textract.page"]

    def break_even(self, network: Network) -> float | None:
        """Return the pages a day from which a month is cheaper than Textract's, if any."""
        saved = self.prices["textract.page"] - bill.total(self.page(network=network))
        return bill.total(self.idle(network=network)) / saved / bill.DAYS if saved > 0 else None


def text(case: Case) -> str:
    """Return the report that people read."""
    return "\n".join([*_head(case), "", *_pages(case), "", *_idle(case), "", *_month(case)]) + "\n"


def data(case: Case) -> dict[str, Any]:
    """Return the report for programs; all money in dollars."""
    return {
        "prices": {"dated": case.prices.dated, "region": case.prices.region},
        "measured": {"dated": case.measured.dated, "machine": case.measured.machine},
        "wish": {**asdict(case.wish), "native": case.native, "second": case.second},
        "page": {
            architecture: _lines(case.page(architecture=architecture))
            for architecture in Architecture
        },
        "second_reader": {
            architecture: _lines(case.both(architecture=architecture))
            for architecture in Architecture
        },
        "between": _lines(case.between),
        "network_hour": {network: case.hourly(network) for network in Network},
        "idle": {network: _lines(case.idle(network=network)) for network in Network},
        "month": {
            network: {a: case.month(network=network, architecture=a) for a in Architecture}
            for network in Network
        },
        "textract_month": case.textract,
        "break_even_pages_per_day": {network: case.break_even(network) for network in Network},
    }


def _lines(lines: list[Line]) -> list[dict[str, Any]]:
    return [{**asdict(line), "dollars": line.dollars} for line in lines]


def _head(case: Case) -> list[str]:
    wish, found = case.wish, case.measured
    ratio = sum(case.kind.cpu.values()) / case.kind.plain_cpu
    return [
        f"{wish.pages_per_day:,.0f} pages a day, {case.native:.0%} of them born digital."
        f" {case.prices.region}, list prices of {case.prices.dated}, no free tier.",
        f"Measured {found.dated} on {found.machine}, read by {found.reader}, documents of"
        f" {case.document_pages:g} page{'s' * (case.document_pages != 1)}:",
        f"{ratio:.2f} × the CPU time of pdftoppm -r 300 | tesseract {found.engine}."
        f" Assumed: {wish.waiting} s a page of waiting for AWS.",
    ]


def _pages(case: Case) -> Iterator[str]:
    intel = case.page()
    arm = case.page(architecture=Architecture.ARM64)
    whole = bill.total(intel)
    yield f"{'1,000 pages':22}{'quantity':>22}{'x86_64':>11}{'':7}{'arm64':>9}"
    for one, other in zip(intel, arm, strict=True):
        if one.quantity:
            amount = f"{one.quantity * _THOUSAND:,.4g} {one.unit}"
            share = f"{one.dollars / whole:6.1%}"
            yield (
                f"{one.item:22}{amount:>22}{_money(one.dollars * _THOUSAND):>11}{share:>7}"
                f"{_money(other.dollars * _THOUSAND):>9}"
            )
    both = [bill.total(lines) * _THOUSAND for lines in (intel, arm)]
    yield f"{'together':44}{_money(both[0]):>11}{'':7}{_money(both[1]):>9}"
    more = [bill.total(case.both(architecture=a)) * _THOUSAND for a in Architecture]
    title = "1,000 that both readers read, beyond that"
    yield f"{title:44}{_money(more[0]):>11}{'':7}{_money(more[1]):>9}"
    between = bill.total(case.between) * _THOUSAND
    yield f"{'requests, events, versions of what is between':44}{_money(between):>10}"
    yield f"{'Textract':44}{_money(case.prices['textract.page'] * _THOUSAND):>11}"
    through = case.kind.storage_bytes / bill.GB * case.prices["nat.gb"] * _THOUSAND
    yield f"{'what S3’s gateway keeps off the NAT':44}{_money(through):>11}"


def _idle(case: Case) -> Iterator[str]:
    columns = {
        network: {line.item: line for line in case.idle(network=network)} for network in Network
    }
    yield _row("an idle month", [network.value for network in Network])
    for item in dict.fromkeys(item for lines in columns.values() for item in lines):
        found = [columns[network].get(item) for network in Network]
        yield _row(item, [f"{line.dollars:,.2f}" if line else "" for line in found])
    yield _row(
        "together", [f"{bill.total(case.idle(network=network)):,.2f}" for network in Network]
    )
    yield _row("of which the network, an hour", [f"{case.hourly(n):,.3f}" for n in Network])


def _month(case: Case) -> Iterator[str]:
    yield _row("a month in all", [network.value for network in Network])
    for architecture in Architecture:
        months = [case.month(network=network, architecture=architecture) for network in Network]
        yield _row(architecture, [f"{dollars:,.2f}" for dollars in months])
    yield _row("Textract", [f"{case.textract:,.2f}" for _ in Network])
    even = [case.break_even(network) for network in Network]
    yield _row("break-even, pages a day", ["-" if e is None else f"{e:,.0f}" for e in even])


def _row(name: str, cells: list[str]) -> str:
    return f"{name:29}{''.join(f'{cell:>15}' for cell in cells)}".rstrip()


def _money(dollars: float) -> str:
    return f"{dollars:.4f}"
