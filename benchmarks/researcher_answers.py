"""A country's drafts against a careful researcher's answers, question by question, as a table of Markdown.

Usage: gcidesk drafts ISO3 --format json > drafts.json
       python benchmarks/researcher_answers.py drafts.json ANSWERS.json

ANSWERS.json has the form of `../shared/gold/rwanda_answers.json`. A researcher's `planned` is the product's not
found, with the plan listed. The shipped weights have seen labelled documents; `python -m
evidence.training.compare_drafts` measures the same with an engine that learned nothing of the country.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

SAME = {"planned": "not_found"}


def main(drafts_file: Path, answers_file: Path) -> None:
    """Print the table and the counts below it."""
    answers = json.loads(answers_file.read_text(encoding="utf-8"))["answers"]
    pairs: Counter[tuple[str, str]] = Counter()
    print("| question | researcher | drafted | confidence | quotes |\n| --- | --- | --- | --- | --- |")
    for draft in json.loads(drafts_file.read_text(encoding="utf-8")):
        wanted = answers.get(draft["question"], {}).get("answer", "not_found")
        pairs[SAME.get(wanted, wanted), draft["answer"]] += 1
        shown = (draft["question"], wanted, draft["answer"], f"{draft['confidence']:.2f}", str(len(draft["evidence"])))
        print("| " + " | ".join(cell.replace("_", " ") for cell in shown) + " |")
    same = sum(count for (wanted, drafted), count in pairs.items() if wanted == drafted)
    false_yes = sum(count for (wanted, drafted), count in pairs.items() if drafted == "yes" and wanted != "yes")
    print(f"\n{same} of {pairs.total()} as the researcher; false yes: {false_yes}")
    for (wanted, drafted), count in sorted(pairs.items()):
        print(f"{count:3}  researcher {wanted.replace('_', ' '):9}  drafted {drafted.replace('_', ' ')}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
