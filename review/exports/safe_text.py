"""Foreign text made harmless for a spreadsheet and for a terminal.

Belongs here: what must not reach a cell or a screen as it stands. Does not belong here: any layout.

Quotes, titles, addresses and reasons come from pages that strangers wrote. In a spreadsheet text must not become a
formula, also not after it was saved as CSV; on a terminal it must not move the cursor or turn the line round.
"""

from __future__ import annotations

import re
import unicodedata

CELL_LIMIT = 32_767
"""UTF-16 units that a spreadsheet cell holds at most."""

CUT_NOTICE = " […]"

_FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠﹦﹢﹣﹫")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_JSON = re.compile(r"[\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CODED_LETTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BIDI_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def for_cell(text: str) -> str:
    """Return text that a spreadsheet shows and never computes.

    A leading apostrophe is set before what could start a formula; characters that XML forbids become U+FFFD; what a
    spreadsheet would take for a coded letter (`_x0041_`) is kept literal; text beyond the cell limit is cut with a
    notice.
    """
    clean = _CODED_LETTER.sub("_x005F_", _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
    if _first_seen(clean).startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS):
        clean = f"'{clean}"
    return _cut(clean)


def _first_seen(text: str) -> str:
    """Return the first letter that is neither a blank nor invisible; an import may trim what stands before it."""
    return next((letter for letter in text if unicodedata.category(letter) not in {"Zs", "Zl", "Zp", "Cf"}), "")


def _cut(text: str) -> str:
    if _units(text) <= CELL_LIMIT:
        return text
    encoded = text.encode("utf-16-le")[: 2 * (CELL_LIMIT - len(CUT_NOTICE))]
    return encoded.decode("utf-16-le", "ignore") + CUT_NOTICE


def _units(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def for_terminal(text: str) -> str:
    """Return text in one line without control characters, so that a page cannot write elsewhere on the screen."""
    return _without_controls(" ".join(text.split()))


def lines_for_terminal(text: str) -> str:
    """Return text of our own that quotes foreign words: as `for_terminal`, with its lines and blanks kept."""
    return "\n".join(_without_controls(line) for line in text.split("\n"))


def _without_controls(text: str) -> str:
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in _BIDI_CONTROLS
        else letter
        for letter in text
    )


def json_for_terminal(text: str) -> str:
    """Return JSON with everything escaped that a terminal obeys, that ends a line, or that is no letter of UTF-8."""
    return _NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def reads_right_to_left(text: str) -> bool:
    """Tell whether the first letter with a direction is one that is written from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False
