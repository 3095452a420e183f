"""All pages of a repository together: its facts, and whether they may replace the last good ones.

Belongs here: reading every page, the contract's assertions, what could not be read or attributed. Does not belong here:
writing the lake (`assets`), or the shape of a page (`reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from extractors.repositories.found import UnknownShapeError, UnreadablePageError
from extractors.repositories.pages import Page, PageFacts
from extractors.repositories.parsing import Parse, parse_rows
from extractors.repositories.reading import needs_reading, read_page
from sources.repository import Repository
from store.publication import CheckOutcome
from store.readings import Reading
from store.tables import FactRow, IssueRow, now

Read = Callable[[Page], Reading]


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What the pages of one repository hold, and the outcome of its assertions."""

    rows: tuple[FactRow, ...]
    readings: tuple[Reading, ...]
    unattributed: tuple[str, ...]
    issues: tuple[IssueRow, ...]
    checks: tuple[CheckOutcome, ...]

    @property
    def publishable(self) -> bool:
        """Whether the rows may replace the last good ones; when not, these stand."""
        return all(check.passed for check in self.checks)


def collect(
    contract: Repository,
    pages: Iterable[Page],
    read: Read | None = None,
    *,
    parse: Parse = parse_rows,
    today: date | None = None,
    accepted: str = "",
) -> Collected:
    """Return the facts of all pages.

    `read` makes the general reading of a page where the contract's shape is read as text; `parse` parses markup and
    data, in this process unless another is given (`isolated.isolated_parse`).

    A page of an unknown shape is an issue naming the selector and fails the check `shape`; assertions that do not hold
    fail the check `assertions`, unless a person accepted that (`accepted` says why), as for an archive that holds a
    part of the repository only. A document without a text layer is an issue only.
    """
    good: list[PageFacts] = []
    issues: list[IssueRow] = []
    seen = 0
    for page in pages:
        if _is_index(contract, page):
            continue
        seen += 1
        try:
            wanted = _as_text(page, read) if needs_reading(contract, page.payload) else page
            good.append(read_page(wanted, contract, today or now().date(), parse))
        except UnknownShapeError as error:
            issues.append(_issue(contract, page, "unknown_shape", f"the page does not fit its contract. {error}"))
        except UnreadablePageError as error:
            issues.append(_issue(contract, page, "unreadable_document", f"the document gives no row. {error}"))
    rows = tuple({row.fact_id: row for facts in good for row in facts.rows}.values())
    unattributed = tuple(text for facts in good for text in facts.unattributed)
    found = sum(facts.found for facts in good)
    return Collected(
        rows=rows,
        readings=tuple(facts.reading for facts in good),
        unattributed=unattributed,
        issues=tuple(issues),
        checks=(
            _shape_check(contract, seen, issues),
            _passed(_assertion_check(contract, rows, found, len(unattributed)), accepted),
        ),
    )


def _as_text(page: Page, read: Read | None) -> Page:
    return page if page.reading is not None or read is None else replace(page, reading=read(page))


def _is_index(contract: Repository, page: Page) -> bool:
    """Whether a page is fetched for its links alone."""
    return contract.follow is not None and contract.follow.index_only and page.url in contract.addresses


def _issue(contract: Repository, page: Page, code: str, what: str) -> IssueRow:
    return IssueRow(
        country=contract.name,
        stage="repository",
        subject=page.url,
        code=code,
        message=f"{contract.title}: {what} Compare it with sources/repositories/{contract.name}.yml.",
        lasting=True,
        offset=None,
        occurred_at=now(),
    )


def _shape_check(contract: Repository, seen: int, issues: list[IssueRow]) -> CheckOutcome:
    if not seen:
        return CheckOutcome("shape", False, f"{contract.title}: no page was fetched")
    unknown = [issue for issue in issues if issue.code == "unknown_shape"]
    if unknown:
        return CheckOutcome("shape", False, f"{len(unknown)} of {seen} pages: {unknown[0].message}")
    return CheckOutcome("shape", True, f"{seen} pages fit {contract.name}")


def _assertion_check(contract: Repository, rows: tuple[FactRow, ...], found: int, unattributed: int) -> CheckOutcome:
    faults = list(_assertion_faults(contract, rows, found, unattributed))
    countries = len({row.country for row in rows})
    told = f"{len(rows)} facts about {countries} countries, {unattributed} of {found} rows unattributed"
    return CheckOutcome("assertions", not faults, "; ".join(faults) + f" ({told})" if faults else told)


def _passed(check: CheckOutcome, accepted: str) -> CheckOutcome:
    if check.passed or not accepted:
        return check
    return CheckOutcome(check.name, True, f"{check.message}; accepted: {accepted}")


def _assertion_faults(contract: Repository, rows: tuple[FactRow, ...], found: int, unattributed: int) -> Iterator[str]:
    wanted = contract.assertions
    countries = len({row.country for row in rows})
    if len(rows) < wanted.min_rows:
        yield f"min_rows is {wanted.min_rows}, there are {len(rows)}"
    if len(rows) > wanted.max_rows:
        yield f"max_rows is {wanted.max_rows}, there are {len(rows)}"
    if countries < wanted.min_countries:
        yield f"min_countries is {wanted.min_countries}, there are {countries}"
    if found and unattributed / found > wanted.max_unattributed_share:
        yield f"max_unattributed_share is {wanted.max_unattributed_share}, it is {unattributed / found:.2f}"
