"""PDFium's text calls that are made for every printed line, with plain addresses as arguments.

Belongs here: prototypes of C functions. Does not belong here: what their answers mean (`pdf_text`).

pypdfium2's own prototypes check and wrap every pointer; with some five calls a line that took as long as PDFium itself.
These take integers (`ctypes.addressof` of a buffer, `address_of` a handle) and are told apart by that: nothing is
checked, so only `pdf_text` calls them, with buffers of its own. They keep the interpreter's lock: each takes about a
microsecond.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as pdfium

_INT, _ADDRESS, _LENGTH = ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong


def address_of(handle: Any) -> int:
    """Return the address that a handle or function of pypdfium2 points to."""
    return int(ctypes.cast(handle, ctypes.c_void_p).value or 0)


def _call(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    call: Callable[..., int] = ctypes.PYFUNCTYPE(result, *arguments)(address_of(function))
    return call


count_rectangles = _call(pdfium.FPDFText_CountRects, _INT, _ADDRESS, _INT, _INT)
"""(text page, first character, characters): how many rectangles cover them; `get_rectangle` then gives each."""
get_rectangle = _call(pdfium.FPDFText_GetRect, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
"""(text page, number, left, top, right, bottom): writes doubles; 0 where there is no such rectangle."""
get_character_box = _call(pdfium.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, _ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS)
"""(text page, character, left, right, bottom, top): writes doubles; 0 where nothing is printed."""
get_loose_box = _call(pdfium.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
"""(text page, character, rectangle): writes an FS_RECTF."""
get_font_name = _call(pdfium.FPDFText_GetFontInfo, _LENGTH, _ADDRESS, _INT, _ADDRESS, _LENGTH, _ADDRESS)
"""(text page, character, buffer, its length, flags): writes the font's name; returns the name's length with its end."""
get_text = _call(pdfium.FPDFText_GetText, _INT, _ADDRESS, _INT, _INT, _ADDRESS)
"""(text page, first character, characters, buffer): writes UTF-16 with a final zero; returns units with that zero."""
