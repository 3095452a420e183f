"""How the drafted demonstration differs from what a careful reader answers.

Run `gcidesk demo --no-serve`, then `gcidesk drafts XDM --format json > drafts.json` and
`python benchmarks/demonstration_answers.py drafts.json`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from sources.demonstration.expectation import compare, load_expectations


def main(drafts_file: str) -> None:
    """Print a line a difference and the counts."""
    drafts = json.loads(Path(drafts_file).read_text(encoding="utf-8"))
    differences = compare(drafts)
    for difference in differences:
        expected = " or ".join(difference.expected)
        quote = " ".join(difference.quote.split())[:90]
        print(
            f"{difference.question:7} {difference.kind:13} expected {expected}, drafted {difference.drafted}: {quote}"
        )
    counts = Counter(difference.kind for difference in differences)
    yes = sum(row["answer"] == "yes" for row in drafts)
    due = sum("yes" in entry.answers for entry in load_expectations().values())
    print(f"\n{len(drafts)} questions, {len(drafts) - len(differences)} as expected with the expected quote.")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())) or "no difference")
    print(f"drafted yes {yes} (expected {due}); wrong yes {counts['wrong_yes'] + counts['stronger']}")


if __name__ == "__main__":
    main(sys.argv[1])
