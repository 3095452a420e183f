"""`evaluate`: labelled documents are read, searched and scored, whatever signs their sentences hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.reading import evaluate_labels
from store.errors import BadInputError
from store.settings import Settings

ACCESS = (
    "Any person who intentionally and without authority{sign}gains access to a computer system commits an offence and is "
    "liable to imprisonment not exceeding five years."
)
ACT = (
    "COMPUTER MISUSE ACT No. 12 of 2019\n\nAn Act of Parliament to provide for offences relating to computer systems.\n\n"
    "Article 1. Short title\nThis Act may be cited as the Computer Misuse Act and is in force since 1 March 2019.\n\n"
    "Article 2. Unauthorised access\n{access}\n"
)


def labelled(folder: Path, sign: str) -> Path:
    access = ACCESS.format(sign=sign)
    (folder / "KEN-act.txt").write_text(ACT.format(access=access), encoding="utf-8")
    row = {"document": "KEN-act.txt", "country": "KEN", "question": "L.1.1", "stance": "in_place", "quotes": [access]}
    labels = folder / "labels.jsonl"
    labels.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return labels


@pytest.mark.parametrize("sign", [" ", "\u2028", "\x85", "\u2029"])
def test_a_sign_that_ends_lines_elsewhere_ends_no_row(tmp_path: Path, sign: str) -> None:
    figures, by_document = evaluate_labels(Settings(data_dir=tmp_path), labelled(tmp_path, sign), tmp_path)
    assert figures["found_recall"] == 1.0 and figures["verbatim"] == 1.0
    assert by_document["KEN-act.txt"]["shared"] == 1


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    labels = labelled(tmp_path, " ")
    (tmp_path / "KEN-act.txt").unlink()
    with pytest.raises(BadInputError, match=r"KEN-act\.txt"):
        evaluate_labels(Settings(data_dir=tmp_path), labels, tmp_path)
