"""desk.duckdb: what an analyst finds in it, and that readers and writers never lock each other out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from store.desk import rebuild_desk
from store.errors import StorageError
from store.lake import open_lake
from store.settings import Settings
from store.tables import DRAFTS, TABLES

from .test_lake import draft


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(data_dir=tmp_path)
    open_lake(found).write(DRAFTS, "XDM", [draft("L.1.1"), draft("L.1.2", answer="not_found")])
    return found


def test_tables_and_columns_explain_themselves(settings: Settings) -> None:
    report = rebuild_desk(settings)
    assert report.rows["drafts"] == 2
    with duckdb.connect(str(report.file), read_only=True) as desk:
        tables = dict(desk.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert set(tables) == {table.name for table in TABLES}
        assert all(tables.values())
        silent = desk.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal "
            "AND table_name IN (SELECT table_name FROM duckdb_tables())"
        ).fetchall()
        assert silent == []
        assert desk.execute("SELECT yes, not_found FROM answers_by_country").fetchall() == [(1, 1)]


def test_a_reader_in_another_program_neither_blocks_nor_notices_a_rebuild(settings: Settings) -> None:
    rebuild_desk(settings)
    program = (
        "import sys, duckdb; desk = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.readline(); "
        "print(desk.execute('SELECT count(*) FROM drafts').fetchone()[0], flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(settings.desk_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None and reader.stdin is not None
        assert reader.stdout.readline() == "open\n"
        open_lake(settings).write(DRAFTS, "XDM", [draft("L.1.1")])
        assert rebuild_desk(settings).rows["drafts"] == 1
        answer, _ = reader.communicate("go\n")
    assert answer == "2\n"
    with duckdb.connect(str(settings.desk_file), read_only=True) as desk:
        assert desk.execute("SELECT count(*) FROM drafts").fetchone() == (1,)


def test_a_failed_rebuild_keeps_the_last_good_file(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuild_desk(settings)
    before = settings.desk_file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("store.desk._flush", full)
    with pytest.raises(StorageError, match="last good file stands"):
        rebuild_desk(settings)
    assert settings.desk_file.read_bytes() == before
    assert not [path for path in settings.data_dir.iterdir() if path.suffix == ".tmp"]
