"""Where in an instrument file a fault stands.

Belongs here: turning a fault of the schema or of the codes into file, line, field and reason. Does not belong here: the
schema itself (`instrument`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

_CODE_FAULT = re.compile(r"question (?:code )?(?P<code>\S+) (?P<fault>occurs|requires|maps)")
_FIELD_OF = {"occurs": "code", "requires": "requires", "maps": "gci_codes"}


def describe_faults(path: Path, text: str, error: ValidationError) -> str:
    """Say where each fault is; the line is the deepest part of the field's path that the file shows."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    faults = []
    for fault in error.errors():
        location, message = fault["loc"], fault["msg"].removeprefix("Value error, ")
        line = _line_of_field(node, location) if location else find_line(text, message)
        field = ".".join(str(part) for part in location) or "the bank"
        faults.append(f"{path}:{line}: {field}: {message}")
    return "\n".join(faults)


def find_line(text: str, message: str) -> int:
    """Return the line of the question and field that a fault about codes names; 1 when it names none.

    Of a code that occurs twice it is the last line, the one to change.
    """
    named = _CODE_FAULT.search(message)
    if named is None:
        return 1
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    field = _FIELD_OF[named["fault"]]
    lines = [
        value.start_mark.line + 1
        for question in _mappings(node)
        if _child(question, "code") is not None and _child(question, "code").value == named["code"]
        for value in [_child(question, field)]
        if value is not None
    ]
    return int(max(lines, default=1))


def _line_of_field(node: Any, location: tuple[int | str, ...]) -> int:
    for part in location:
        child = _child(node, part)
        if child is None:
            break
        node = child
    return int(node.start_mark.line) + 1 if node is not None else 1


def _child(node: Any, part: int | str) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    return None


def _mappings(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _mappings(item)
