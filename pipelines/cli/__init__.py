"""The command line `gcidesk`: a contract; names, options and output stay.

Belongs here: reading options, calling the room that does the work, printing, exit codes by cause. Does not belong here:
the work itself.
"""

from pipelines.cli.app import main

__all__ = ["main"]
