"""The desk: all countries as a board and as a map of tiles.

Belongs here: filters of the board. Does not belong here: where a country stands (`review.services.board`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from markupsafe import Markup

from review.desk import desk_settings
from review.lake_view import LakeView, lake_view
from review.models.files import FileState
from review.services.board import REGIONS, BoardMark, Filters, board_mark, rows_at, tiles
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
    view, mark = lake_view(), board_mark()
    mine = assigned_countries(request) if filters.mine else frozenset()
    board = _board(Shown(view, view.board_version(), mark, desk_settings().roster_months, filters, mine))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(board)
    return show(request, "desk", filters=filters, states=list(FileState), regions=REGIONS, board=board)


class Shown(NamedTuple):
    """What the board is made from, filters included."""

    view: LakeView
    version: str
    mark: BoardMark
    months: int
    filters: Filters
    mine: frozenset[str]


@lru_cache(maxsize=64)
def _board(shown: Shown) -> Markup:
    """Return board and map; the same filters over the same record on the same day look the same to everybody."""
    rows = rows_at(shown.view, shown.version, shown.mark, shown.months)
    kept = [row for row in rows if shown.filters.keeps(row, shown.mine)]
    context = {
        "rows": kept,
        "everything": shown.filters.everything,
        "tiles": tiles(rows),
        "kept": {row.iso3 for row in kept},
        "states": list(FileState),
        "drafted": any(row.figures for row in rows),
    }
    return Markup(render_to_string("review/desk_board.html", context))  # noqa: S704 - our own template, escaped there
