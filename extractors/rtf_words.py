r"""What the words of RTF stand for: how a file is cut into tokens, destinations, signs, charsets.

Belongs here: tables of control words and numbers, and the token itself. Does not belong here: anything that changes
while a file is read (`rtf_text`, `rtf_groups`, `rtf_fonts`, `rtf_rows`).
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
"""Groups: word, its number, a byte in hexadecimal, a symbol, a brace, text."""
UNSEEN = re.compile(rb"[^\\{}]*")
"""What may be passed over at once where nothing is shown: lines of pictures in hexadecimal."""
SKIPPED = frozenset(
    b"colortbl themedata datastore listtable listoverridetable revtbl rsidtbl generator xmlnstbl filetbl pict objdata "
    b"header headerl headerr headerf footer footerl footerr footerf fldinst bkmkstart bkmkend xe tc rxe txe sp shprslt "
    b"nonshppict annotation atnid atnauthor atnref ftnsep ftnsepc aftnsep ftncn aftncn aftnsepc mmathPr pgdsctbl "
    b"latentstyles template formfield private pnseclvl author operator company keywords subject doccomm comment "
    b"creatim revtim printim buptim category manager userprops propname staticval hlinkbase objclass objname "
    b"panose falt nonesttables".split()
)
"""Destinations whose content is no text of the document."""
SHOWN = frozenset(b"shpinst shptxt footnote listtext pntext shppict fldrslt title nesttableprops".split())
"""Destinations that are entered though the file says that they may be passed over."""
SINKS = {
    b"fonttbl": "fonttbl", b"stylesheet": "stylesheet", b"info": "info", b"title": "title", b"listtext": "marker",
    b"pntext": "marker",
}  # fmt: skip
"""Where the text of a destination goes; `info` goes nowhere, but for its title."""
STORIES = {b"footnote": "note", b"shptxt": "box"}
"""Destinations with paragraphs of their own beside those around them."""
CHARACTERS = {
    b"line": "\n", b"softline": "\n", b"lbr": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"zwj": "\u200d", b"zwnj": "\u200c", b"ltrmark": "\u200e", b"rtlmark": "\u200f",
}  # fmt: skip
SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
CHARSETS = {
    0: "cp1252", 77: "mac_roman", 78: "shift_jis", 79: "euc_kr", 80: "gb2312", 81: "big5", 84: "mac_arabic",
    85: "mac_greek", 86: "mac_turkish", 88: "mac_latin2", 89: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab",
    134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""Encoding by the charset of a font."""
CODE_PAGES = {
    708: "iso8859-6", 10000: "mac_roman", 10001: "shift_jis", 10002: "big5", 10003: "euc_kr", 10004: "mac_arabic",
    10006: "mac_greek", 10007: "mac_cyrillic", 10008: "gb2312", 10010: "mac_romanian", 10017: "mac_cyrillic",
    10029: "mac_latin2", 10079: "mac_iceland", 10081: "mac_turkish", 10082: "mac_croatian", 20127: "cp1252",
    20866: "koi8-r", 20932: "euc_jp", 20936: "gb2312", 21866: "koi8-u", 51932: "euc_jp", 51936: "gb2312",
    51949: "euc_kr", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8",
    **{28590 + part: f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)},
}  # fmt: skip
"""Encoding by the number of a code page, where Python does not call it `cp` and the number."""
PAGES = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850", b"ansi": "cp1252"}
"""Encoding by the word that opens a file."""
BULLETS = frozenset("·•§o")
"""Signs of fonts that print as a bullet."""
