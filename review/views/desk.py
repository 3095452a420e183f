"""The desk: all countries as a board and as a map of tiles.

Belongs here: filters of the board. Does not belong here: where a country stands (`review.services.board`).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from review.lake_view import lake_view
from review.models.files import FileState
from review.services.board import REGIONS, Filters, board_rows, tiles
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
    context: dict[str, Any] = {
        "rows": kept,
        "filters": filters,
        "tiles": tiles(rows),
        "kept": {row.iso3 for row in kept},
        "states": list(FileState),
        "regions": REGIONS,
        "drafted": any(row.figures for row in rows),
    }
    if request.headers.get("HX-Request") == "true":
        return show(request, "desk_board", **context)
    return show(request, "desk", **context)
