"""Tables that an earlier version wrote: one country whose file lacks a column hides no other."""

from __future__ import annotations

from store.lake import open_lake
from store.row_schema import to_arrow
from store.tables import DRAFTS, DraftRow


def test_a_draft_that_lacks_a_column_is_told_on_the_board_and_on_its_page(fiji, person, browse):
    lake = open_lake(fiji)
    rows = lake.read(DRAFTS, "FJI", DraftRow)
    lake.write_arrow(DRAFTS, "FJI", to_arrow(DraftRow, rows).drop_columns(["answer"]))
    client = browse(person("rita"))
    board = client.get("/")
    page = board.content.decode()
    assert board.status_code == 200
    assert "The table drafts of FJI is damaged or of another version" in page and "gcidesk research FJI" in page
    answer = client.get("/countries/FJI/questions/L.1.1/")
    assert answer.status_code == 503 and "gcidesk research FJI" in answer.content.decode()
