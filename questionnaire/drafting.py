"""Drafting: all evidence of a country to one answer a question.

Belongs here: the table "From stance to answer", joint belief, independence of sources, contradictions, parents and
children. Does not belong here: what one row is worth (`drafting_weight`), its words (`drafting_rationale`), or finding
evidence. Pure: same rows, same drafts. The bank's `prior_yes` is never read here.

| best evidence | drafted answer |
| --- | --- |
| in_place | yes |
| partial | partial; not found, with the evidence listed, where the question allows no partial |
| only planned | not found, with the plan listed |
| absent | no when an official source states it, else not found with the statement shown |
| none | not found, with its search log |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from questionnaire.drafting_independence import independent
from questionnaire.drafting_rationale import explain_answer, explain_not_found, quote_side_by_side
from questionnaire.drafting_weight import OFFICIAL, DraftingRules, Weighed, load_rules, weigh
from questionnaire.instrument import Instrument, Question, load_instrument
from questionnaire.search_log import SearchedCountry, share_searched
from store.tables import DraftRow, EvidenceRow


@dataclass(frozen=True)
class Judgement:
    """An answer with the rows that carry it (`support`), all rows shown, and what a person should know."""

    answer: str
    support: tuple[Weighed, ...]
    shown: tuple[Weighed, ...]
    belief: float
    looks: tuple[str, ...]
    against: tuple[Weighed, ...] = ()


def draft_country(
    instrument: Instrument,
    country: str,
    evidence: Sequence[EvidenceRow],
    searched: SearchedCountry,
    *,
    today: date,
    matcher_version: str,
    drafted_at: datetime | None = None,
) -> list[DraftRow]:
    """Return one draft a question, in the bank's order.

    Rows of another country are not counted. An instrument whose questions name `gci_codes` is drafted from the evidence
    of those codes.
    """
    rules = load_rules()
    own = [row for row in evidence if row.country == country]
    judged = {
        question.code: judge_mapped(question, own, today=today, rules=rules)
        if question.gci_codes
        else judge(question, [row for row in own if row.question == question.code], today=today, rules=rules)
        for question in instrument.questions
    }
    drafts = []
    for question in instrument.questions:
        judgement = judged[question.code]
        contradicted = ("sources contradict each other",) if judgement.against else ()
        looks = (*contradicted, *judgement.looks, *_family(instrument, question, judged))
        drafts.append(
            DraftRow(
                country=country,
                instrument=instrument.id,
                question=question.code,
                answer=judgement.answer,
                confidence=round(_confidence(instrument, question, judgement, searched), 4),
                rationale=_rationale(instrument, question, judgement, searched),
                evidence_ids=tuple(dict.fromkeys(item.row.evidence_id for item in judgement.shown)),
                independent_sources=len(independent(judgement.support)),
                contradiction=quote_side_by_side(judgement.support, judgement.against),
                needs_look="; ".join(dict.fromkeys(looks)),
                drafted_at=drafted_at or datetime.combine(today, time(), tzinfo=UTC),
                matcher_version=matcher_version,
            )
        )
    return drafts


def judge(question: Question, rows: Iterable[EvidenceRow], *, today: date, rules: DraftingRules) -> Judgement:
    """Return the answer that the rows of one question carry."""
    weighed = sorted((weigh(row, question, today, rules) for row in rows), key=lambda item: item.rank)
    shown = _spread_over_documents(weighed)[: rules.most_shown]
    answer, stance, looks = _choose(question, weighed, rules)
    support = tuple(item for item in weighed if stance and item.stance == stance)
    belief = joint_belief(support)
    against = _against(answer, support, weighed)
    return Judgement(answer, support, shown, belief, (*looks, *_doubts(support)), against)


def joint_belief(support: Sequence[Weighed]) -> float:
    """Return the probability that at least one independent host is right, from the best row of each.

    A text that stands on two hosts is one source.
    """
    doubt = 1.0
    for item in independent(support):
        doubt *= 1.0 - item.weight
    return 1.0 - doubt


def _choose(question: Question, weighed: Sequence[Weighed], rules: DraftingRules) -> tuple[str, str, tuple[str, ...]]:
    """Return answer, the stance that carries it, and what a person should know about the choice."""
    beliefs = {
        stance: joint_belief([item for item in weighed if item.stance == stance])
        for stance in ("in_place", "partial", "planned", "absent")
    }
    looks: list[str] = []
    if beliefs["in_place"] >= _floor(weighed, "in_place", rules.yes_floor, rules):
        return "yes", "in_place", ()
    found = {item.stance for item in weighed}
    if "in_place" in found:
        looks.append(_too_weak(weighed, "in_place", "yes", beliefs["in_place"]))
    if beliefs["partial"] >= _floor(weighed, "partial", rules.partial_floor, rules):
        if question.partial_allowed:
            return "partial", "partial", tuple(looks)
        return "not_found", "partial", (*looks, "the evidence shows a part, and the question allows no partial answer")
    if "partial" in found:
        looks.append(_too_weak(weighed, "partial", "partial", beliefs["partial"]))
    if "planned" in found:
        return "not_found", "planned", tuple(looks)
    if "absent" in found:
        official = [item for item in weighed if item.stance == "absent" and item.row.source_strength in OFFICIAL]
        if joint_belief(official) >= rules.no_floor and not looks:
            return "no", "absent", ()
        why = "a source states the absence, but no official one does" if not official else "the statement is weak"
        return "not_found", "absent", (*looks, f"{why}: a person decides whether this is a no")
    if weighed and not looks:
        looks.append("the evidence is listed but cannot carry an answer: " + "; ".join(_reasons(weighed)))
    return "not_found", "", tuple(looks)


def _too_weak(weighed: Sequence[Weighed], stance: str, answer: str, belief: float) -> str:
    strengths = {item.row.source_strength for item in weighed if item.stance == stance}
    source = ", from third parties only," if strengths == {"third_party"} else ""
    return f"weak evidence for a {answer}{source} (belief {belief:.2f}) is listed but not counted"


def _floor(weighed: Sequence[Weighed], stance: str, floor: float, rules: DraftingRules) -> float:
    """The belief that a stance needs; more when nobody but third parties states it."""
    strengths = {item.row.source_strength for item in weighed if item.stance == stance}
    return max(floor, rules.third_party_floor) if strengths <= {"third_party"} else floor


def _doubts(support: Sequence[Weighed]) -> tuple[str, ...]:
    """Why the rows that carry an answer deserve a look."""
    looks = []
    if support and all(item.row.source_strength == "legal_database" for item in support):
        looks.append("the text of the law stands in a collection that is not the state's: compare it with the gazette")
    if support and all(item.row.source_strength == "third_party" for item in support):
        looks.append("only third parties say so")
    best = support[0] if support else None
    if best is not None:
        looks += [f"{reason}" for reason in best.reasons]
    return tuple(looks)


def _against(answer: str, support: Sequence[Weighed], weighed: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """Rows that speak against a drafted answer: absence, repeal, or a later document that still only plans."""
    if answer not in {"yes", "partial", "no"} or not support:
        return ()
    if answer == "no":
        return tuple(item for item in weighed if item.stance not in {"absent", ""})
    by_act = any(item.row.act and item.row.act_status in {"in_force", "adopted"} for item in support)
    newest = max((item.row.dated_on for item in support if item.row.dated_on), default=None)
    found = []
    for item in weighed:
        later = newest is not None and item.row.dated_on is not None and item.row.dated_on > newest
        repealed = not by_act and item.stance == "" and item.row.act_status == "repealed"
        if item.stance == "absent" or repealed or (item.stance == "planned" and later):
            found.append(item)
    return tuple(found)


def _family(instrument: Instrument, question: Question, judged: dict[str, Judgement]) -> tuple[str, ...]:
    """What parents and children of a question make a person look at."""
    looks = []
    has_evidence = judged[question.code].answer in {"yes", "partial"}
    if question.requires is not None and has_evidence and judged[question.requires].answer not in {"yes", "partial"}:
        looks.append(f"answered although its parent {question.requires} is {_words(judged[question.requires].answer)}")
    if not has_evidence:
        children = [
            child.code
            for child in instrument.questions
            if child.requires == question.code and judged[child.code].answer in {"yes", "partial"}
        ]
        if children:
            looks.append(f"{', '.join(children)} found evidence, which makes this one likely: look for it first")
    return tuple(looks)


def _confidence(instrument: Instrument, question: Question, judgement: Judgement, searched: SearchedCountry) -> float:
    """Belief in an answer; of not found, the share of the search that was done."""
    rules = load_rules()
    if judgement.answer == "not_found":
        return share_searched(instrument, question, searched)
    return min(judgement.belief * (rules.contradicted if judgement.against else 1.0), rules.highest)


def _rationale(instrument: Instrument, question: Question, judgement: Judgement, searched: SearchedCountry) -> str:
    if judgement.answer == "not_found":
        return explain_not_found(
            instrument, question, judgement.support, judgement.shown, searched, looks=judgement.looks
        )
    return explain_answer(instrument, question, judgement.answer, _told(question, judgement.support))


def _told(question: Question, support: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """Rows for the rationale: of each code in the question's order, the best row of each independent source."""
    codes = question.gci_codes or tuple(dict.fromkeys(item.row.question for item in support))
    return tuple(item for code in codes for item in independent([s for s in support if s.row.question == code]))


def judge_mapped(question: Question, rows: Sequence[EvidenceRow], *, today: date, rules: DraftingRules) -> Judgement:
    """Return the answer of another instrument's question from the judgements of its GCI codes.

    Each code is judged by its own rule (recency, partial). With `gci_rule: all` a yes needs a yes of every code, and
    some make it partial; with `any` the best code decides. A no needs a no of every code.
    """
    bank = load_instrument()
    parts = {
        code: judge(bank.by_code[code], [row for row in rows if row.question == code], today=today, rules=rules)
        for code in question.gci_codes
    }
    answer = _join_answers([part.answer for part in parts.values()], question)
    carrying = [
        part for part in parts.values() if part.answer == answer or (answer == "partial" and part.answer == "yes")
    ]
    support = _unique(item for part in carrying for item in part.support)
    shown = _spread_over_documents(_unique(item for part in parts.values() for item in part.shown))[: rules.most_shown]
    beliefs = [part.belief for part in carrying if part.answer != "not_found"] or [0.0]
    belief = min(beliefs) if question.gci_rule == "all" else max(beliefs)
    looks = [f"{code}: {look}" for code, part in parts.items() for look in part.looks if part in carrying]
    open_codes = [code for code, part in parts.items() if part.answer not in {"yes", "partial"}]
    if answer == "partial" and open_codes:
        looks.insert(
            0, f"shown for {len(parts) - len(open_codes)} of {len(parts)} measures, not for {', '.join(open_codes)}"
        )
    against = _unique(item for part in carrying for item in part.against)
    return Judgement(answer, support, shown, belief, tuple(looks), against)


def _join_answers(answers: Sequence[str], question: Question) -> str:
    wanted = all if question.gci_rule == "all" else any
    if wanted(answer == "yes" for answer in answers):
        return "yes"
    if any(answer in {"yes", "partial"} for answer in answers):
        return "partial" if question.partial_allowed else "not_found"
    return "no" if all(answer == "no" for answer in answers) else "not_found"


def _unique(items: Iterable[Weighed]) -> tuple[Weighed, ...]:
    """Strongest first; a span that bears on two codes counts once."""
    found: dict[tuple[str, int, int], Weighed] = {}
    for item in sorted(items, key=lambda item: item.rank):
        found.setdefault((item.row.text_layer_id, item.row.start, item.row.end), item)
    return tuple(found.values())


def _spread_over_documents(weighed: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """Best first, but the best row of each document and stance before any second one."""
    seen: dict[tuple[str, str], int] = {}
    turns = []
    for item in weighed:
        key = (item.stance, item.row.document_id)
        seen[key] = seen.get(key, 0) + 1
        turns.append((seen[key], item))
    return tuple(item for _, item in sorted(turns, key=lambda turn: (turn[1].rank[0], turn[0], turn[1].rank)))


def _reasons(weighed: Sequence[Weighed]) -> list[str]:
    return list(dict.fromkeys(reason for item in weighed for reason in item.reasons))


def _words(answer: str) -> str:
    return answer.replace("_", " ")
