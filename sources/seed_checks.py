"""Writing what a check saw into the country's file, without touching anything else in it.

Belongs here: the edit of a file that people keep. Does not belong here: asking addresses (`spiders.source_check`).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import yaml

from sources.country_files import country_path, load_countries, load_country
from sources.schema import Country, SeedCheck
from sources.typed_yaml import SourceFileError, load_typed


def write_checks(iso3: str, checks: Mapping[str, SeedCheck]) -> Path:
    """Write checks, by seed address, into a country's file; comments and order stay.

    Raises SourceFileError when the file would not load any more; it is left as it was then.
    """
    path = country_path(iso3)
    text = path.read_text(encoding="utf-8")
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        beside.write_text(with_checks(text, checks), encoding="utf-8")
        load_typed(beside, Country)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    load_country.cache_clear()
    load_countries.cache_clear()
    return path


def with_checks(text: str, checks: Mapping[str, SeedCheck]) -> str:
    """Return a country file's text with `check:` lines put into, or replaced in, the seeds named by address."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    lines = text.splitlines(keepends=True)
    for seed in reversed(_seed_nodes(root)):
        fields = {key.value: (key, value) for key, value in seed.value}
        check = checks.get(fields["url"][1].value) if "url" in fields else None
        if check is None:
            continue
        if seed.flow_style:
            line = seed.start_mark.line + 1
            raise SourceFileError(
                f"line {line}: a seed on one line in braces cannot take a check; write it as a block."
            )
        line = f"{' ' * seed.start_mark.column}check: {_inline(check)}\n"
        if "check" in fields:
            first, last = fields["check"][0].start_mark.line, _last_line(fields["check"][1])
            lines[first : last + 1] = [line]
        else:
            after = max(_last_line(value) for _, value in fields.values()) + 1
            if not lines[after - 1].endswith("\n"):
                lines[after - 1] += "\n"
            lines.insert(after, line)
    return "".join(lines)


def _seed_nodes(root: yaml.Node | None) -> list[yaml.MappingNode]:
    assert isinstance(root, yaml.MappingNode)
    for key, value in root.value:
        if key.value == "seeds" and isinstance(value, yaml.SequenceNode):
            return [node for node in value.value if isinstance(node, yaml.MappingNode)]
    return []


def _last_line(node: yaml.Node) -> int:
    """Return the last line that a value stands on; a block collection's own end mark is on the next token."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line) - (
        1 if node.end_mark.column == 0 and node.end_mark.line > node.start_mark.line else 0
    )


def _inline(check: SeedCheck) -> str:
    values = {name: value for name, value in check.model_dump().items() if value not in (None, "")}
    written = yaml.dump(
        values, Dumper=yaml.CSafeDumper, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True
    )
    return str(written).strip()
