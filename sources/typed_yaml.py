"""YAML files checked against a pydantic model, with every fault named by file, line, field and reason.

Belongs here: reading one file into one model. Does not belong here: any particular schema (`schema`, `repository`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from store.errors import BadInputError

MAX_BYTES = 4 * 1024 * 1024
"""A source file is a page or two; anything larger is not one."""

MAX_DEPTH = 20

Model = TypeVar("Model", bound=BaseModel)


class SourceFileError(BadInputError):
    """A source file does not fit its schema; one line a fault: `file:line: field: reason`."""


def load_typed(path: Path, model: type[Model]) -> Model:
    """Return the file's content as `model`.

    Raises SourceFileError when the file cannot be read, is not YAML, names a key twice or does not fit the model.
    """
    text = _read(path)
    _refuse_tricks(path, text)
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise SourceFileError(f"{path}:1: the file is empty.")
        _refuse_doubled_keys(path, node)
        values = loader.construct_document(node)
    except yaml.YAMLError as error:
        raise SourceFileError(f"{path}:{_yaml_line(error)}: this is not YAML: {_first_line(error)}") from error
    except (ValueError, TypeError, OverflowError) as error:
        raise SourceFileError(f"{path}:1: a value in the file is none: {error}.") from error
    finally:
        loader.dispose()
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SourceFileError(_describe(path, node, error)) from error


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceFileError(
                f"{path}:1: the file is larger than {MAX_BYTES} bytes; a source file is a page or two."
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceFileError(f"{path}:1: the file is not UTF-8 text (byte {error.start}).") from error
    except OSError as error:
        raise SourceFileError(f"{path}:1: the file cannot be read: {error.strerror}.") from error


def _refuse_tricks(path: Path, text: str) -> None:
    """Refuse what no source file needs, before anything recurses into it: deep nesting, aliases, tags.

    libyaml's composer would run out of stack, aliases can grow without end, a tag asks for another type of value.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise SourceFileError(
                    f"{path}:{line}: *{event.anchor}: a source file repeats itself, it has no aliases."
                )
            tag = getattr(event, "tag", None)
            if tag:
                raise SourceFileError(f"{path}:{line}: {tag}: a source file has no tags.")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise SourceFileError(f"{path}:{line}: this is not YAML of ours: nested deeper than {MAX_DEPTH}.")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError as error:
        raise SourceFileError(f"{path}:{_yaml_line(error)}: this is not YAML: {_first_line(error)}") from error


def _refuse_doubled_keys(path: Path, root: yaml.Node) -> None:
    for node in _nodes(root):
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise SourceFileError(f"{path}:{key.start_mark.line + 1}: a key is a word, not a collection.")
                if key.value in seen:
                    raise SourceFileError(f"{path}:{key.start_mark.line + 1}: {key.value}: the key stands here twice.")
                seen.add(key.value)


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Yield every collection."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.ScalarNode):
            continue
        yield node
        waiting.extend(
            child for value in node.value for child in (value if isinstance(node, yaml.MappingNode) else (value,))
        )


def _describe(path: Path, root: yaml.Node, error: ValidationError) -> str:
    faults = []
    for fault in error.errors():
        field = ".".join(str(part) for part in fault["loc"]) or "the file"
        reason = fault["msg"].removeprefix("Value error, ")
        faults.append(f"{path}:{_line(root, fault['loc'])}: {field}: {reason}")
    return "\n".join(faults)


def _line(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """Return the line of the deepest part of a field's path that the file shows."""
    line = node.start_mark.line
    for part in location:
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    return int(line) + 1


def _child(node: yaml.Node, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line
    if isinstance(node, yaml.MappingNode):
        return next(((value, key.start_mark.line) for key, value in node.value if key.value == str(part)), None)
    return None


def _yaml_line(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return int(mark.line) + 1 if mark is not None else 1


def _first_line(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
