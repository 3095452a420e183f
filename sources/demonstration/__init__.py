"""The demonstration country: a small web of five sites, written for this project, and what a reader finds in it.

Belongs here: the pages as source files (`site/`), the script that turns them into one WARC file, the expected answers.
Does not belong here: code that a real country's research uses. Everything is invented; the hosts lie under the reserved
name `.example`.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
ARCHIVE = FOLDER / "demonstration.warc.gz"
"""The archive that `gcidesk demo` replays."""

EXPECTED = FOLDER / "expected.yml"
"""What a careful reader answers from these pages."""
