"""Language of each passage.

Belongs here: two voices, the script check, votes of neighbours. Does not belong here: names of languages (`languages`),
scripts (`scripts`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from extractors.languages import UNKNOWN
from extractors.scripts import script_of


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(text: str) -> tuple[str, float]:
    """Return language and certainty (0 to 1) of one text by itself."""
    script = script_of(text)
    if script == "Zyyy":
        return UNKNOWN, 0.0
    language, certainty = _identifier().classify(text)
    return str(language), float(certainty)
