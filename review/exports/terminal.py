"""The drafted questionnaire as tables for a terminal: one a pillar.

Belongs here: tables that `gcidesk demo` and `gcidesk drafts` print. Does not belong here: printing them, or any option.
"""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlsplit

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from questionnaire.instrument import Pillar
from review.exports.drafted_country import DraftedCountry
from review.exports.safe_text import for_terminal
from store.tables import DraftRow

WIDTH = 100
_ANSWERS = {
    "yes": ("yes", "green"),
    "partial": ("partial", "yellow"),
    "no": ("no", "red"),
    "not_found": ("not found", "dim"),
}
_QUOTE_SHOWN = 96
_QUESTION_SHOWN = 80


def count_answers(found: DraftedCountry) -> dict[str, int]:
    """Return how many questions were drafted yes, partial, no and not_found."""
    counted = Counter(draft.answer for draft in found.drafts)
    return {answer: counted[answer] for answer in _ANSWERS}


def pillar_tables(found: DraftedCountry, *, width: int = WIDTH) -> list[Table]:
    """Return a table a pillar, `width` columns wide; foreign text is cleaned and carries no markup."""
    return [_pillar_table(found, pillar, width) for pillar in found.instrument.pillars]


def plain_text(found: DraftedCountry, *, width: int = WIDTH) -> str:
    """Return the tables of all pillars as text without colours, as a pipe or a file should get them."""
    console = Console(width=width, force_terminal=False, no_color=True, legacy_windows=False)
    with console.capture() as capture:
        for table in pillar_tables(found, width=width):
            console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _pillar_table(found: DraftedCountry, pillar: Pillar, width: int) -> Table:
    questions = [question for indicator in pillar.indicators for question in indicator.questions]
    drafts = [found.by_question[question.code] for question in questions if question.code in found.by_question]
    counted = Counter(draft.answer for draft in drafts)
    counts = ", ".join(f"{counted[answer]} {words}" for answer, (words, _) in _ANSWERS.items() if counted[answer])
    table = Table(
        title=Text(f"{pillar.code}  {pillar.name}: {counts or 'nothing drafted'}"),
        title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, width=width, pad_edge=False,
        padding=(0, 1, 0, 0),
    )  # fmt: skip
    table.add_column("Code", width=6, no_wrap=True)
    table.add_column("Answer", width=9, no_wrap=True)
    table.add_column("Conf.", width=5, justify="right", no_wrap=True)
    table.add_column("Question", ratio=2)
    table.add_column("Best proof, and where it stands", ratio=3)
    texts = {question.code: question.text for question in questions}
    for draft in drafts:
        words, style = _ANSWERS[draft.answer]
        table.add_row(
            draft.question,
            Text(words, style=style),
            f"{draft.confidence:.2f}",
            Text(_shorten(texts[draft.question], _QUESTION_SHOWN)),
            _proof(found, draft),
        )
    return table


def _proof(found: DraftedCountry, draft: DraftRow) -> Text:
    evidence = found.evidence_of(draft)
    if not evidence:
        log = found.log_by_question.get(draft.question)
        searched = f"{log.documents_read} documents searched" if log else "no search log"
        return Text(searched, style="dim")
    best = evidence[0]
    place = for_terminal(urlsplit(best.url).hostname or best.document_name)
    where = f"{place}, p. {best.page}" if best.page else place
    shows = {"planned": "plan: ", "absent": "absent: "}.get(best.stance, "")
    proof = Text(f"{shows}\N{LEFT DOUBLE QUOTATION MARK}{_shorten(for_terminal(best.quote), _QUOTE_SHOWN)}"
                 "\N{RIGHT DOUBLE QUOTATION MARK} ")  # fmt: skip
    more = f" +{len(evidence) - 1}" if len(evidence) > 1 else ""
    return proof.append(f"{where}{more}", style="dim")


def _shorten(text: str, limit: int) -> str:
    """Cut text at a word where it is longer than `limit`."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;") + "…"
