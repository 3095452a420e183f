"""The search log: what was searched for each question, so that every 'not found' can be checked.

Belongs here: the record of a country's search, the log of one question, and the share of the search that was done. Does
not belong here: searching (`spiders`, `evidence`), or the answer (`drafting`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from questionnaire.instrument import Instrument, Question
from sources.schema import Country, Seed
from store.tables import CaptureRow, DocumentRow, IssueRow, SearchLogRow

PLACES_FILE = Path(__file__).parent / "source_places.yml"
MOST_MISSES = 5
MOST_PLACES = 6
MOST_UNREADABLE = 40
MOST_OF_A_KIND = 3
MOST_QUOTE = 240


@dataclass(frozen=True)
class NearMiss:
    """A passage that came near an answer and was not enough."""

    question: str
    quote: str
    url: str
    score: float
    reason: str
    """Why it was dropped, a few words: 'topic named, nothing stated', 'below the threshold', 'another country'."""


@dataclass(frozen=True)
class SearchedCountry:
    """Everything that was searched for one country, and the places that are known for it."""

    country: str
    languages: tuple[str, ...]
    """Languages of the country's official texts, ISO 639-1, as its source file gives them."""
    documents: tuple[DocumentRow, ...]
    captures: tuple[CaptureRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    seeds: tuple[Seed, ...] = ()
    misses: tuple[NearMiss, ...] = ()
    repository_hosts: frozenset[str] = field(default_factory=frozenset)
    """Hosts of repositories whose rows about this country were taken in."""

    @cached_property
    def read(self) -> tuple[DocumentRow, ...]:
        """Documents whose text was searched."""
        return tuple(document for document in self.documents if document.status == "read")

    @cached_property
    def hosts_read(self) -> Mapping[str, int]:
        """Number of documents read by host, most first; local files count under their own name."""
        found = Counter(host_of(document.url) or "local files" for document in self.read)
        found.update(dict.fromkeys(self.repository_hosts, 0))
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def kinds_read(self) -> frozenset[str]:
        """Kinds of seed from which at least one document was read, by host or by the way that led there."""
        hosts = {host_of(document.url) for document in self.read}
        by_host = {seed.kind for seed in self.seeds if seed.host in hosts}
        return frozenset(by_host | {document.source_kind for document in self.read if document.source_kind})


def describe_search(
    country: Country,
    documents: Sequence[DocumentRow],
    *,
    captures: Sequence[CaptureRow] = (),
    issues: Sequence[IssueRow] = (),
    misses: Sequence[NearMiss] = (),
    repository_hosts: Iterable[str] = (),
) -> SearchedCountry:
    """Return the record of a country's search from its source file and the rows of its tables."""
    return SearchedCountry(
        country.iso3,
        country.languages,
        tuple(documents),
        tuple(captures),
        tuple(issues),
        country.seeds,
        tuple(misses),
        frozenset(repository_hosts),
    )


def log_search(instrument: Instrument, searched: SearchedCountry) -> list[SearchLogRow]:
    """Return one row a question, in the bank's order."""
    return [_log_question(instrument, question, searched) for question in instrument.questions]


def share_searched(instrument: Instrument, question: Question, searched: SearchedCountry) -> float:
    """Return the share of the question's kinds of source that were searched, 0 to 1; 0 when nothing was read.

    Without named sources it is 1 as soon as anything was read.
    """
    if not searched.read and not searched.repository_hosts:
        return 0.0
    kinds = question.sources
    if not kinds:
        return 1.0
    return sum(_was_searched(instrument, kind, searched) for kind in kinds) / len(kinds)


@lru_cache(maxsize=20_000)
def host_of(url: str) -> str:
    """Return the host of an address without `www.`, or nothing for a local file."""
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def _log_question(instrument: Instrument, question: Question, searched: SearchedCountry) -> SearchLogRow:
    languages = _languages_searched(searched)
    times = sorted(document.captured_at for document in searched.read)
    return SearchLogRow(
        country=searched.country,
        question=question.code,
        sources_tried=(*(_count(host, n) for host, n in searched.hosts_read.items()), *_fetched_in_vain(searched)),
        documents_read=len(searched.read),
        documents_unreadable=_unreadable(searched),
        languages=languages,
        terms=_terms(instrument, question, languages),
        first_capture=times[0] if times else None,
        last_capture=times[-1] if times else None,
        nearest_misses=_misses(question, searched),
        not_yet_searched=_not_searched(instrument, question, searched),
    )


def _count(host: str, number: int) -> str:
    if number == 0:
        return f"{host} (rows of a repository)"
    return f"{host} ({number} {'document' if number == 1 else 'documents'})"


def _fetched_in_vain(searched: SearchedCountry) -> tuple[str, ...]:
    """Hosts that answered, but of which nothing could be read."""
    fetched = Counter(host_of(capture.url) for capture in searched.captures if host_of(capture.url))
    return tuple(
        f"{host} ({number} {'page' if number == 1 else 'pages'} fetched, nothing readable)"
        for host, number in sorted(fetched.items())
        if host not in searched.hosts_read
    )


def _languages_searched(searched: SearchedCountry) -> tuple[str, ...]:
    found = Counter(code for document in searched.read for code in (document.languages or (document.language,)))
    return tuple(code for code, _ in found.most_common() if code != "und")


def _terms(instrument: Instrument, question: Question, languages: Sequence[str]) -> tuple[str, ...]:
    mapped = [instrument.by_code[code] for code in question.gci_codes if code in instrument.by_code]
    return tuple(
        dict.fromkeys(term for q in (question, *mapped) for code in languages for term in q.terms.get(code, ()))
    )


def _unreadable(searched: SearchedCountry) -> tuple[str, ...]:
    rows = [
        f"{document.name or document.url}: {document.reason or document.status.replace('_', ' ')}"
        for document in searched.documents
        if document.status != "read"
    ]
    partly = [
        f"{document.name or document.url}: only in part: {document.reason}"
        for document in searched.read
        if document.reason
    ]
    return _shorten([*rows, *partly, *_lost_addresses(searched)], MOST_UNREADABLE)


def _lost_addresses(searched: SearchedCountry) -> list[str]:
    """Issues of the crawl, one line each; many of one kind become one line with an example."""
    by_code: dict[str, list[IssueRow]] = {}
    for issue in searched.issues:
        if issue.stage in {"crawl", "replay"}:
            by_code.setdefault(issue.code, []).append(issue)
    lines = []
    for found in by_code.values():
        if len(found) > MOST_OF_A_KIND:
            lines.append(f"{len(found)} addresses for the same reason, such as: {_tell(found[0])}")
        else:
            lines += [_tell(issue) for issue in found]
    return lines


def _tell(issue: IssueRow) -> str:
    return issue.message if issue.subject in issue.message else f"{issue.subject}: {issue.message}"


def _shorten(rows: list[str], most: int) -> tuple[str, ...]:
    if len(rows) <= most:
        return tuple(rows)
    return (*rows[: most - 1], f"and {len(rows) - most + 1} more, listed under the country's issues")


def _misses(question: Question, searched: SearchedCountry) -> tuple[str, ...]:
    codes = {question.code, *question.gci_codes}
    near = sorted((miss for miss in searched.misses if miss.question in codes), key=lambda miss: -miss.score)
    return tuple(
        f"“{_cut(miss.quote)}” ({miss.reason}; score {miss.score:.2f}) {miss.url}".strip()
        for miss in near[:MOST_MISSES]
    )


def _cut(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= MOST_QUOTE else f"{flat[: MOST_QUOTE - 1]}…"


def _not_searched(instrument: Instrument, question: Question, searched: SearchedCountry) -> tuple[str, ...]:
    """Best places first: the bank names a question's sources in the order of their worth."""
    rows = []
    for kind in question.sources:
        if not _was_searched(instrument, kind, searched):
            rows += _places(instrument, kind, searched)
    return tuple(dict.fromkeys(rows))[:MOST_PLACES]


def _was_searched(instrument: Instrument, kind: str, searched: SearchedCountry) -> bool:
    kinds = _seed_kinds().get(kind)
    if kinds:
        return bool(searched.kinds_read.intersection(kinds))
    host = _repository_host(instrument, kind)
    if not host:
        return False
    return host in searched.repository_hosts or host in searched.hosts_read


def _places(instrument: Instrument, kind: str, searched: SearchedCountry) -> list[str]:
    known = instrument.source_kinds.get(kind)
    what = known.what if known else kind.replace("_", " ")
    seeds = [seed for seed in searched.seeds if seed.kind in _seed_kinds().get(kind, ())]
    if seeds:
        return [f"{what}: {seed.url} ({_why_not(seed, searched)})" for seed in seeds[:2]]
    if _repository_host(instrument, kind) and known:
        return [f"{what}: {known.url} (not read for this country)"]
    return [f"{what}: no address is known for this country"]


def _why_not(seed: Seed, searched: SearchedCountry) -> str:
    issue = next((i for i in searched.issues if host_of(i.subject) == host_of(seed.url)), None)
    if issue is not None:
        return issue.message
    if seed.check is not None and seed.check.state != "alive":
        return f"{seed.check.state} when last checked on {seed.check.checked_on}"
    unread = next((d for d in searched.documents if host_of(d.url) == host_of(seed.url) and d.status != "read"), None)
    return f"fetched but not readable: {unread.reason or unread.status}" if unread else "not visited in this crawl"


def _repository_host(instrument: Instrument, kind: str) -> str:
    known = instrument.source_kinds.get(kind)
    address = (
        next((part for part in known.url.replace(",", " ").split() if part.startswith("http")), "") if known else ""
    )
    return host_of(address)


@lru_cache(maxsize=1)
def _seed_kinds() -> dict[str, tuple[str, ...]]:
    raw = yaml.load(PLACES_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {kind: tuple(kinds) for kind, kinds in raw.items()}
