"""The desk: all countries as a board and as a map of tiles.

Belongs here: filters of the board. Does not belong here: where a country stands (`review.services.board`).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from markupsafe import Markup

from review.lake_view import lake_view
from review.models.files import FileState
from review.services.board import REGIONS, BoardRow, Filters, board_rows, tiles
from review.site.middleware import assigned_countries
from review.views.pages import show


def desk(request: HttpRequest) -> HttpResponse:
    """Show the board; with HTMX only the part below the filters."""
    wanted = request.GET
    filters = Filters(
        text=wanted.get("text", "").strip()[:60],
        region=wanted.get("region", ""),
        state=wanted.get("state", ""),
        mine=wanted.get("mine") == "1",
        look=wanted.get("look") == "1",
        everything=wanted.get("everything") == "1",
    )
    rows = board_rows(lake_view())
    mine = assigned_countries(request)
    kept = [row for row in rows if filters.keeps(row, mine)]
    board = _board(tuple(kept), tuple(rows), filters.everything, timezone.now().date())
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(board)
    return show(request, "desk", filters=filters, states=list(FileState), regions=REGIONS, board=board)


@lru_cache(maxsize=64)
def _board(kept: tuple[BoardRow, ...], rows: tuple[BoardRow, ...], everything: bool, today: date) -> Markup:
    """Return board and map; the same rows on the same day look the same to everybody."""
    context = {
        "rows": kept,
        "everything": everything,
        "tiles": tiles(rows),
        "kept": {row.iso3 for row in kept},
        "states": list(FileState),
        "drafted": any(row.figures for row in rows),
    }
    return Markup(render_to_string("review/desk_board.html", context))  # noqa: S704 - our own template, escaped there
