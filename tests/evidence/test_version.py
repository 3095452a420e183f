"""The matcher's version can be told again and again, whatever Python leaves beside the code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2] / "evidence"


def test_byte_code_that_python_writes_does_not_stop_the_next_start(tmp_path: Path) -> None:
    shutil.copytree(ROOM, tmp_path / "evidence", ignore=shutil.ignore_patterns("training", "exemplars", "__pycache__"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    program = "import evidence.han, evidence.version; print(evidence.version.MATCHER_VERSION)"
    told = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert (tmp_path / "evidence" / "han" / "__pycache__").is_dir()
    assert told[0] == told[1]


def test_names_of_countries_and_folding_belong_to_the_version(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "sources").mkdir()
    for name in ("__init__.py", "version.py"):
        shutil.copy(ROOM / name, tmp_path / "evidence")
    program = "import evidence.version; print(evidence.version.MATCHER_VERSION)"
    told = set()
    names = ("country_aliases.yml", "country_adjectives.yml", "country_names.py", "folded_text.py", "written_dates.py")
    for name in names:
        assert (ROOM.parent / "sources" / name).is_file()
        shutil.copy(ROOM.parent / "sources" / name, tmp_path / "sources")
        told.add(subprocess.check_output([sys.executable, "-c", program], cwd=tmp_path, text=True))
    assert len(told) == len(names)
