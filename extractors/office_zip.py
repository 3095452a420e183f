"""ZIP archives of documents: each member read by its own backend, one after the other.

Belongs here: which members are read, nesting, and the joint layout. Does not belong here: any member's format
(`formats`).

Nothing is written to disk, so a member's path leads nowhere; members whose path tries to leave the archive are not
read and are named. The name of a file opens a section, so a page number, which counts in its own file, never stands
alone.
"""

from __future__ import annotations

from dataclasses import replace

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_package import Package, PackageError, is_unsafe
from extractors.request import ReadRequest
from store.digests import payload_digest
from store.readings import Page

FORMAT = "zip"
KIND = "ZIP archive"
MAX_DEPTH = 2
"""Archives inside an archive: the outermost counts as 1."""
MAX_DOCUMENTS = 200
_PASSED_OVER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the joint layout of an archive's documents; bad input is a layout with a status and a sentence."""
    depth = request.depth + 1
    if depth > MAX_DEPTH:
        return unreadable(FORMAT, "too_large", f"Archives nested deeper than {MAX_DEPTH} are not read.")
    try:
        package = Package(payload, request.limits, KIND)
        return _lay_out(package, replace(request, depth=depth))
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))


def _lay_out(package: Package, request: ReadRequest) -> Layout:
    from extractors.formats import read_layout

    builder = LayoutBuilder()
    read_names: list[str] = []
    left_out: list[str] = []
    statuses: set[str] = set()
    pages: list[Page] = []
    resumable = False
    for member in package.members:
        name = member.filename
        if member.is_dir() or any(part in name for part in _PASSED_OVER):
            continue
        if is_unsafe(name):
            left_out.append(f"'{name[:60]}' (its path leads out of the archive)")
            continue
        if len(read_names) + len(left_out) >= MAX_DOCUMENTS:
            left_out.append(f"all after the first {MAX_DOCUMENTS} files")
            break
        content = package.read(name) or b""
        inner = replace(request, name=name.rsplit("/", 1)[-1], declared_type="", declared_charset="",
                        payload_digest=payload_digest(content), renditions=False)  # fmt: skip
        layout = read_layout(content, inner)
        resumable = resumable or layout.resumable
        if layout.status != "read" or not layout.text.strip():
            left_out.append(f"'{name[:60]}' ({(layout.reason or layout.status).rstrip('.')})")
            statuses.add(layout.status)
            continue
        read_names.append(name)
        builder.add(name, kind="heading", level=1, role="navigation", opens_section=True)
        pages += [
            replace(page, start=page.start + builder.position, end=page.end + builder.position) for page in layout.pages
        ]
        _append(builder, layout)
        if builder.position > request.limits.characters:
            left_out.append("all after it (too much text)")
            break
    if not read_names and len(statuses - {"read"}) == 1:  # all for the same cause: it is the archive's
        return replace(_finish(builder, read_names, left_out, pages, resumable), status=(statuses - {"read"}).pop())
    return _finish(builder, read_names, left_out, pages, resumable)


def _append(builder: LayoutBuilder, layout: Layout) -> None:
    """Add a file's text as it is, so that all its spans move by the same distance."""
    moved = builder.position
    position = 0
    for block in layout.blocks:
        builder.skip(layout.text[position : block.start])
        builder.add(
            layout.text[block.start : block.end], separator="", kind=block.kind, role=block.role, page=block.page,
            lines=tuple((line.start - block.start, line.end - block.start, line.box) for line in block.lines),
            level=block.level + 1 if block.kind == "heading" and block.level else block.level, marker=block.marker,
            reading=block.reading, broken=block.broken, language=block.language, column=block.column,
            continued=block.continued, gaps=tuple((a - block.start, b - block.start) for a, b in block.gaps),
            head=(block.head[0] + moved, block.head[1] + moved) if block.head else None,
            ocr_confidence=block.ocr_confidence, opens_section=block.opens_section,
        )  # fmt: skip
        position = block.end
    builder.skip(layout.text[position:] + "\n")


def _finish(
    builder: LayoutBuilder, read_names: list[str], left_out: list[str], pages: list[Page], resumable: bool
) -> Layout:
    said = (
        f"Not read in the archive: {'; '.join(left_out[:10])}{' …' if len(left_out) > 10 else ''}." if left_out else ""
    )
    if not read_names:
        return Layout(format=FORMAT, status="no_text", reason=said or "The archive is empty.", resumable=resumable)
    return Layout(
        format=FORMAT, text=builder.text, blocks=builder.blocks, reason=said, outline=tuple(read_names),
        pages=tuple(pages), metadata={"files": str(len(read_names))}, resumable=resumable,
    )  # fmt: skip
