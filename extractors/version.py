"""The version of the reader, part of every text layer's identity.

Belongs here: one name. Does not belong here: versions of grammars or weights (`evidence.version`).

Offsets depend on the reader. Whoever changes the text layer, or the borders of passages or sentences, raises the
version and writes a decision in `docs/decisions/`; the golden outputs in `tests/extractors/golden/` fail until both
are done.
"""

READER_VERSION = "3"
