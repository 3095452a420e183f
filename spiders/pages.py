"""Pages: what a successful answer means for captures, links and memory.

Belongs here: the capture row of a page, its quality and change, and the links it offers to the frontier. Does not
belong here: failures, redirects and robots.txt (`crawl`), or reading documents (`extractors`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from spiders.addresses import key_of
from spiders.answers import Origin, Received, make_capture
from spiders.endings import judge_ending
from spiders.frontier import Wanted
from spiders.lessons import shape_of
from spiders.likeness import NEAR, Signature, bands_of, resemblance, same_substance, signature_from_text
from spiders.links import Link, PageLinks, is_html, read_links
from spiders.memory import KnownPage
from spiders.priority import folder_of
from spiders.quality import FLOOR, Quality, judge_file, judge_page
from spiders.sitemaps import list_kind, read_addresses, unpack
from spiders.traps import list_of
from store.archive import StoredRecord
from store.tables import CaptureRow

if TYPE_CHECKING:
    from spiders.crawl import Crawl

MAX_NESTED_SITEMAPS = 2
MAX_SITEMAPS_OF_INDEX = 50
MIN_BLOCKS = 3
"""Blocks of text below which two pages of the same substance say nothing about each other."""

LISTED_MISSES = 200
MAX_OFFERED = 50_000
"""Addresses whose best score is kept in memory, so that menus are not written to the frontier again for every page."""

SEEN_BEFORE = 0.6
"""Factor on the priority of an address that an earlier crawl captured: what is new comes first."""


@dataclass(frozen=True)
class _Text:
    """What a page's text says of others: its substance, and the address of a page that it repeats or nearly repeats."""

    substance: str = ""
    resembles: str = ""


class PageSettler:
    """Settles pages for one crawl and keeps its figures."""

    def __init__(self, crawl: Crawl) -> None:
        """Serve one crawl."""
        self._crawl = crawl
        self._counts: dict[str, float] = {}
        self._learned: KnownPage | None = None
        self._offered: dict[int, float] = {}
        """Best score by hash of an address's key: the keys themselves would take five times the memory."""

    # figures

    def count(self, received: Received, size: int) -> None:
        """Count an answer."""
        self._add("requests", 1)
        self._add("bytes", size)
        if received.http_status >= 400:
            self._add(f"code_{received.http_status}", 1)

    def _add(self, name: str, amount: float) -> None:
        self._counts[name] = self._counts.get(name, 0) + amount

    def store_counts(self) -> None:
        """Put what was counted into the frontier, inside the transaction under way."""
        for name, amount in self._counts.items():
            self._crawl.frontier.add_to_statistic(name, amount)
        self._counts.clear()

    def keep_figures(self, moment: float, reason: str) -> None:
        """Note the figures of the whole crawl, and misses of a replay as issues."""
        crawl = self._crawl
        figures: dict[str, float | str] = {
            "captures": crawl.frontier.captures(),
            "waiting": crawl.frontier.count("waiting"),
            "skipped": crawl.frontier.count("skipped"),
        }
        if crawl.memory is not None and (changed := crawl.memory.last_change()):
            figures["days_without_new_content"] = round(max(0.0, moment - changed) / 86400, 2)
        if crawl.replay is not None:
            figures["misses"] = crawl.frontier.count("missed")
            self._note_misses(int(figures["misses"]))
        if reason:
            figures["finish_reason"] = reason
            figures["ended"] = moment
        crawl.frontier.keep_statistics(figures)

    def _note_misses(self, count: int) -> None:
        for missed in self._crawl.frontier.in_state("missed", LISTED_MISSES):
            where = f"; it was found on {missed.found_on}" if missed.found_on else ""
            message = f"{missed.url} is not in the archive and nothing was fetched{where}."
            self._crawl.note("not_in_archive", missed.url, message, lasting=True, weight=missed.priority)
        if count > LISTED_MISSES:
            message = f"{count - LISTED_MISSES} more addresses are not in the archive; they stand in the crawl's state."
            self._crawl.note("not_in_archive", f"{count - LISTED_MISSES} more", message, lasting=True, weight=-1.0)

    # pages

    def settle(
        self, wanted: Wanted, received: Received, payload: bytes, stored: StoredRecord, *, known: KnownPage | None,
        moment: float,
    ) -> None:  # fmt: skip
        """Make the capture of a page, or read the addresses of a list; inside the transaction of its request."""
        self._learned = None
        if received.http_status == 304 and known is not None:
            self._settle_unchanged(wanted, received, stored, known, moment)
            return
        unpacked = unpack(payload) if wanted.kind == "sitemap" else payload
        if wanted.kind in ("sitemap", "feed") or list_kind(unpacked):
            self._settle_list(wanted, unpacked, stored, received, moment)
            return
        media_type = received.header("Content-Type")
        page = (
            read_links(payload, wanted.url, media_type) if is_html(payload, media_type.split(";")[0].lower()) else None
        )
        quality = judge_page(payload, page) if page is not None else judge_file(payload)
        if received.ended == "close" and page is not None and judge_ending(payload) == "unknown":
            message = f"{wanted.url} states no length and does not close its markup: its end may be missing."
            self._crawl.note("perhaps_truncated", wanted.url, message, lasting=False, weight=wanted.priority)
        change = _change(known, stored, page, quality)
        worth = self._crawl.priority.worth_of(page) if page is not None and quality.score >= FLOOR else 0.0
        if page is not None:
            for lesson in self._crawl.lessons.learn(wanted.url, worth):
                self._crawl.frontier.keep_lesson(*lesson)
        text = self._compare(wanted, page)
        self._capture(wanted, received, stored, quality=quality, size=len(payload), change=change, text=text)
        links = self._offer_links(wanted, page, worth * 0.5 if text.resembles else worth) if page is not None else []
        if quality.score < FLOOR:
            self._add("pages_of_low_quality", 1)
            return
        self._add(f"pages_{change}", 1)
        signature = page.signature.to_text() if page is not None and page.signature is not None else ""
        self._learned = self._known_page(
            wanted, received, stored, links=tuple(links), signature=signature, worth=worth, moment=moment
        )
        if known is not None and change in ("same", "cosmetic"):
            self._learned = replace(self._learned, changed_at=known.changed_at)
        head = {"size": len(payload), "quality": quality.score, "quality_reason": quality.reason}
        self._learned = replace(self._learned, head={**head, "type": media_type})

    def _compare(self, wanted: Wanted, page: PageLinks | None) -> _Text:
        """Return a page's substance and the page of this crawl that it repeats or nearly repeats."""
        signature = page.signature if page is not None else None
        if signature is None or signature.blocks < MIN_BLOCKS:
            return _Text()
        frontier = self._crawl.frontier
        bands = bands_of(signature)
        resembles = frontier.of_substance(signature.digest) or next(
            (url for url, other in frontier.alike(bands) if _is_near(signature, other)), ""
        )
        if resembles == wanted.url:
            resembles = ""
        elif not resembles:
            frontier.add_sketch(wanted.url, signature.to_text(), bands)
        if resembles:
            self._crawl.traps.count_repeat(wanted.url)
            self._add("near_duplicates", 1)
        return _Text(signature.digest, resembles)

    def _capture(
        self, wanted: Wanted, received: Received, stored: StoredRecord, *, quality: Quality, size: int, change: str,
        text: _Text, payload_at: datetime | None = None,
    ) -> None:  # fmt: skip
        crawl = self._crawl
        seed = (
            crawl.job.seeds[wanted.seed]
            if 0 <= wanted.seed < len(crawl.job.seeds)
            else crawl.scope.seed_for(wanted.url)
        )
        origin = Origin(seed=seed, found_on=wanted.found_on, link_text=wanted.link_text, depth=wanted.depth)
        row: CaptureRow = make_capture(
            crawl.job,
            received,
            stored,
            origin=origin,
            quality=quality,
            size=size,
            change=change,
            substance=text.substance,
            resembles=text.resembles,
            payload_at=payload_at,
        )
        if crawl.frontier.add_capture(wanted, row, text.substance, bool(text.resembles)):
            crawl.captured += 1
            crawl.hosts.get(wanted.authority).captured += 1
            self._add("pages_readable", quality.score >= FLOOR)

    def _settle_unchanged(
        self, wanted: Wanted, received: Received, stored: StoredRecord, known: KnownPage, moment: float
    ) -> None:
        """An answer 304: the earlier payload stands, and so do the links that were found in it."""
        self._add("answers_304", 1)
        if known.kind == "list":
            self._offer_list(wanted, list(known.links))
        else:
            quality = Quality(float(known.head.get("quality", 1.0)), str(known.head.get("quality_reason", "")))
            headers = received.headers
            if not received.header("Content-Type"):
                headers = (*headers, ("Content-Type", str(known.head.get("type", ""))))
            kept = replace(received, headers=headers)
            earlier = signature_from_text(known.signature)
            self._capture(
                wanted,
                kept,
                stored,
                quality=quality,
                size=int(known.head.get("size", 0)),
                change="same",
                text=_Text(earlier.digest if earlier is not None and earlier.blocks >= MIN_BLOCKS else ""),
                payload_at=known.record.captured_at,
            )
            self._add("pages_same", 1)
            self._offer_links(wanted, PageLinks(links=known.links), known.worth)
        self._learned = replace(
            known, checked_at=moment,
            etag=received.header("ETag") or known.etag,
            last_modified=received.header("Last-Modified") or known.last_modified,
        )  # fmt: skip

    def _settle_list(
        self, wanted: Wanted, payload: bytes, stored: StoredRecord, received: Received, moment: float
    ) -> None:
        self._add("lists_read", 1)
        found = read_addresses(payload, wanted.url)
        if list_kind(payload) == "sitemap index":
            if wanted.redirects < MAX_NESTED_SITEMAPS:
                urls = [link.url for link in found[:MAX_SITEMAPS_OF_INDEX]]
                self._crawl.courtesy.offer_lists(urls, wanted.url, wanted.priority - 0.01, wanted.redirects + 1)
            return
        kept = self._offer_list(wanted, found)
        self._learned = self._known_page(wanted, received, stored, links=tuple(kept), moment=moment)
        self._learned = replace(self._learned, kind="list")

    def _offer_list(self, wanted: Wanted, found: list[Link]) -> list[Link]:
        return self._offer_links(wanted, PageLinks(links=tuple(found)), 0.0)

    def _offer_links(self, wanted: Wanted, page: PageLinks, worth: float) -> list[Link]:
        """Offer the links of a page that are in scope; returns those worth remembering."""
        crawl = self._crawl
        list_here, folder = list_of(wanted.url), folder_of(wanted.url)
        if page.left_out:
            message = f"{page.left_out} links of {wanted.url} were left out: the page has more than anybody reads."
            crawl.note("too_many_links", wanted.url, message, lasting=True)
        best: dict[str, tuple[float, int, Link]] = {}
        kept: dict[str, Link] = {}
        feeds: list[str] = []
        for link in page.links:
            if link.feed:
                feeds.append(link.url)
            elif self._is_wanted(link):
                # the next page of a list is no deeper than the list
                depth = wanted.depth + (list_of(link.url) != list_here)
                score = crawl.priority.of_link(link, worth, depth, folder) if depth <= crawl.job.max_depth else 0.0
                key = key_of(link.url)
                if score > 0.0:
                    kept.setdefault(key, link)
                if score <= self._offered.get(hash(key), -1.0) + 0.02:
                    continue  # known from elsewhere, and no worse there
                score *= self._familiarity(key)
                if score > 0.0 and (key not in best or score > best[key][0]):
                    best[key] = (score, depth, link)
        if feeds and wanted.depth == 0:
            crawl.courtesy.offer_lists(feeds[:2], wanted.url, 0.9)
        offered = [
            crawl.wanted(
                link.url, priority=max(0.001, score + crawl.lessons.correction(link.url)), base=score,
                shape=shape_of(link.url), depth=depth, seed=wanted.seed, found_on=wanted.url, link_text=link.text,
                worth=worth,
            )
            for key, (score, depth, link) in best.items()
            if key != wanted.key and not self._is_trap(key, link.url, wanted.url)
        ]  # fmt: skip
        crawl.offer(offered, wanted.url)
        self._offered[hash(wanted.key)] = 2.0
        self._offered.update({hash(key): score for key, (score, _, _) in best.items()})
        if len(self._offered) > MAX_OFFERED:
            self._offered.clear()
        return list(kept.values())

    def _is_wanted(self, link: Link) -> bool:
        if self._crawl.replay is not None and not self._crawl.job.from_seeds:
            return self._crawl.scope.holds(link.url)
        return self._crawl.scope.wants_link(link.url)

    def _familiarity(self, key: str) -> float:
        memory = self._crawl.memory
        return SEEN_BEFORE if memory is not None and not self._crawl.job.fresh and memory.knows(key) else 1.0

    def _is_trap(self, key: str, url: str, parent: str) -> bool:
        """Tell whether an address leads into a trap; counts its shape when it is new and taken."""
        traps = self._crawl.traps
        reason = traps.reason(url, parent)
        shaped = traps.is_shaped(url)
        if not reason and not shaped:
            return False
        if self._crawl.frontier.known(key) is not None:
            return False
        if reason:
            self._add("traps_refused", 1)
            return True
        traps.count(url)
        return False

    # memory

    def _known_page(
        self, wanted: Wanted, received: Received, stored: StoredRecord, *, links: tuple[Link, ...], moment: float,
        signature: str = "", worth: float = 0.0,
    ) -> KnownPage:  # fmt: skip
        return KnownPage(
            key=wanted.key, etag=received.header("ETag")[:300], last_modified=received.header("Last-Modified")[:100],
            record=stored, kind="page", links=links, signature=signature, worth=worth, head={}, checked_at=moment,
            changed_at=moment,
        )  # fmt: skip

    def remember(self) -> None:
        """Keep the page that was just settled for the next crawl; after its transaction."""
        if self._learned is not None and self._crawl.memory is not None:
            self._crawl.memory.remember(self._learned)
        self._learned = None


def _change(known: KnownPage | None, stored: StoredRecord, page: PageLinks | None, quality: Quality) -> str:
    if known is None:
        return "new"
    if quality.score < FLOOR or known.record.digest == stored.digest:
        return "same"  # a bot wall is no change of the page behind it
    earlier: Signature | None = signature_from_text(known.signature)
    later = page.signature if page is not None else None
    alike = earlier is not None and later is not None and later.blocks > 0 and same_substance(earlier, later)
    return "cosmetic" if alike else "changed"


def _is_near(signature: Signature, other: str) -> bool:
    earlier = signature_from_text(other)
    return earlier is not None and resemblance(signature, earlier) >= NEAR
