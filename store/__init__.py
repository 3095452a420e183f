"""Ground floor: the archive, the lake, the readings, `desk.duckdb`, settings and row schemas.

Belongs here: everything that writes or reads the data directory, and the one definition of every row that crosses
from one room to another. Does not belong here: fetching, parsing, judging, or anything that knows a question.
"""
