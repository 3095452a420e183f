"""Redirects: where an answer sends us, and whether we go.

Belongs here: the target of a redirect against gate, scope and circles. Does not belong here: redirects of robots.txt
(`courtesy`), or a page's own links (`pages`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spiders.addresses import clean, key_of
from spiders.answers import MAX_REDIRECTS, Received
from spiders.frontier import Wanted
from spiders.gate import GateError

if TYPE_CHECKING:
    from spiders.crawl import Crawl


def follow_redirect(crawl: Crawl, wanted: Wanted, received: Received) -> None:
    """Offer the target of a redirect, or note why it is not followed; inside the transaction of its request."""
    first = wanted.purpose or wanted.url
    target = clean(received.header("Location"), wanted.url)
    if not target:
        message = f"{first} redirects to {received.header('Location')[:200]!r}, which is no web address."
        crawl.note("scheme_refused", first, message, lasting=True, weight=wanted.priority)
        return
    try:
        if crawl.replay is None:
            crawl.gate.check_url(target)
    except GateError as error:
        message = f"{first} redirects to a forbidden place: {error}"
        crawl.note(error.code, first, message, lasting=True, weight=wanted.priority)
        return
    if _goes_in_circles(crawl, wanted, target):
        message = f"{first} redirects in a circle or more than {MAX_REDIRECTS} times; its last target is {target}."
        crawl.note("redirect_loop", first, message, lasting=True, weight=wanted.priority)
        return
    if not crawl.scope.follows(target):
        if wanted.depth > 0:
            crawl.frontier.add_to_statistic("redirects_out_of_scope", 1)
            return
        message = f"{first} has moved to {target}, a host that the country's file does not name."
        crawl.note("seed_moved", first, message, lasting=True, weight=wanted.priority)
    moved = crawl.wanted(
        target, priority=wanted.priority, depth=wanted.depth, seed=wanted.seed, found_on=wanted.url,
        kind=wanted.kind, link_text=wanted.link_text, worth=wanted.worth, redirects=wanted.redirects + 1,
        purpose=first,
    )  # fmt: skip
    crawl.offer([moved], wanted.url)


def _goes_in_circles(crawl: Crawl, wanted: Wanted, target: str) -> bool:
    if wanted.redirects + 1 > MAX_REDIRECTS:
        return True
    seen = crawl.frontier.known(key_of(target))
    return seen is not None and seen.state == "done" and seen.kind == "page" and not crawl.frontier.has_capture(seen)
