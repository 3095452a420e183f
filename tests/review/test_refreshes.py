"""Decisions survive refreshes: ok, moved, orphaned, and nothing moves to a look-alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import services
from review.lake_view import lake_view
from review.models import DecisionHealth
from review.models.decisions import Health
from review.services.anchors import anchor_of, check_anchor, check_decision, extraction_mark
from review.services.country_page import changed_proofs
from review.services.decisions import keep, standing_of
from review.services.word_diff import compare_words


@pytest.fixture
def law(synthetic):
    """The page on which L.1.1 of Fiji rests."""
    text = "The Cybercrime Act entered into force on 1 May 2018 and makes access without authority an offence."
    other = "Section 5 punishes access to a computer without authority with imprisonment of up to five years."
    return synthetic.Page(title="Act", paragraphs=(text, other), url="https://www.gov.example/act.html")


@pytest.fixture
def settled(desk, synthetic, law, person, accept, db):
    """L.1.1 accepted as yes by two people on the law."""
    synthetic.build_country(desk, synthetic.Plan(iso3="FJI", pages=(law,)))
    services.record_draft("FJI")
    accept(person("rita"), "L.1.1")
    accept(person("ravi"), "L.1.1")
    return desk


def rebuild(desk, synthetic, page):
    synthetic.build_country(desk, synthetic.Plan(iso3="FJI", pages=(page,), seed=1))
    services.record_draft("FJI")


def states():
    return set(DecisionHealth.objects.filter(question="L.1.1").values_list("state", flat=True))


@pytest.mark.django_db
class TestRefreshes:
    def test_an_unchanged_source_is_ok(self, settled, synthetic, law):
        rebuild(settled, synthetic, law)
        assert states() == {"ok"}

    def test_the_same_words_at_another_place_moved(self, settled, synthetic, law):
        rebuild(settled, synthetic, replace(law, url="https://www.gov.example/laws/act.html", title="The Act"))
        assert states() == {"moved"}
        assert standing_of("FJI", "L.1.1").accepted == "yes"

    def test_changed_words_are_orphaned_and_the_answer_stays(self, settled, synthetic, law):
        rebuild(
            settled, synthetic, synthetic.changed_page(law, 0, law.paragraphs[0].replace("entered", "never entered"))
        )
        assert states() == {"orphaned"}
        assert standing_of("FJI", "L.1.1").accepted == "yes"
        missing = services.queue_state("FJI").missing
        assert any("another look: L.1.1" in sentence for sentence in missing)

    def test_a_look_alike_is_shown_but_never_taken(self, settled, synthetic, law, person):
        rebuild(settled, synthetic, synthetic.changed_page(law, 0, law.paragraphs[0].replace("2018", "2019")))
        changed = {entry.code: entry for entry in changed_proofs(person("ada", "administrator"), "FJI")}
        finding, compared = next(
            (f, c) for f, c in changed["L.1.1"].findings if f.state == "orphaned" and "2018" in f.old_quote
        )
        assert "2019" in finding.new_quote
        assert [(c.kind, c.text) for c in compared if c.kind != "same"] == [("old", "2018"), ("new", "2019")]
        quotes = [entry["quote"] for entry in standing_of("FJI", "L.1.1").evidence]
        assert not any("2019" in quote for quote in quotes)

    def test_a_kept_answer_stays_kept_on_the_next_night(self, settled, synthetic, law, person):
        changed = synthetic.changed_page(law, 0, "The page was designed anew and says something else altogether now.")
        rebuild(settled, synthetic, changed)
        seen = standing_of("FJI", "L.1.1").sequence
        keep(person("cleo", "coordinator"), "FJI", "L.1.1", why="a new design of the site", seen=seen)
        rebuild(settled, synthetic, replace(changed, title="Once more"))
        kept = standing_of("FJI", "L.1.1").settled_by
        assert DecisionHealth.objects.get(decision=kept).state == "ok"
        assert not any("another look: L.1.1" in sentence for sentence in services.queue_state("FJI").missing)

    def test_new_evidence_against_a_not_found_asks_for_a_look(self, settled, synthetic, law, person, accept):
        accept(person("rosa"), "L.1.4")
        accept(person("rolf"), "L.1.4")
        assert standing_of("FJI", "L.1.4").accepted == "not_found"
        row = lake_view().evidence("FJI")["L.1.1"][0]
        found = check_decision([], "not_found", [], [row], {})
        assert found.state == Health.ORPHANED
        assert check_decision([], "not_found", [extraction_mark(row.quote, row.stance)], [row], {}).state == Health.OK

    def test_bulk_keep_takes_only_what_was_seen(self, settled, synthetic, law, person, browse):
        rebuild(
            settled, synthetic, synthetic.changed_page(law, 0, "Something else altogether stands on this page now.")
        )
        client = browse(person("cleo", "coordinator"))
        page = client.get("/countries/FJI/changes/").content.decode()
        assert 'value="L.1.1@2"' in page and "<del>" in page
        client.post("/countries/FJI/changes/", {"keep": ["L.1.1@1"], "why": "a new design of the site"})
        assert standing_of("FJI", "L.1.1").sequence == 2
        client.post("/countries/FJI/changes/", {"keep": ["L.1.1@2"], "why": "a new design of the site"})
        assert standing_of("FJI", "L.1.1").settled_by.kind == "keep"


@pytest.mark.django_db
def test_stance_is_part_of_the_extraction(fiji):
    row = lake_view().evidence("FJI")["L.1.1"][0]
    anchor = anchor_of(row)
    planned = replace(row, stance="planned", evidence_id="f" * 64, document_id="0" * 64)
    assert check_anchor(anchor, [planned], {}).state == Health.ORPHANED
    spaced = replace(row, quote=row.quote.replace(" ", "\n"), evidence_id="e" * 64, document_id="0" * 64)
    assert check_anchor(anchor, [spaced], {}).state == Health.MOVED


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_word_diff_loses_nothing(old, new):
    changes = compare_words(old, new)
    assert "".join(c.text for c in changes if c.kind != "new") == old
    assert "".join(c.text for c in changes if c.kind != "old") == new
