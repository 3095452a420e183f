"""Learning: what is measured never saw itself, short texts are among the examples, and the sums are what they say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from scipy import sparse

from evidence.forest import Linear
from evidence.matcher import load_matcher
from evidence.scorer import surely_in_place
from evidence.training.blank import blank_weights
from evidence.training.corpus import Labelled, read_documents, see_corpus, states_by_unit
from evidence.training.excerpts import SNIPPET, WINDOW, cut_excerpts
from evidence.training.fitting import fit_forest, fit_linear
from evidence.training.learn_ngrams import QUESTION_RIDGE, fit_ridge, specimen_examples
from evidence.training.learning import best_threshold, draw_candidates, groups_of, priors_without_own_group
from evidence.training.leave_one_out import f1_by_language
from evidence.training.material import FOLDS, Material, fold_of
from evidence.training.public_labels import read_public_documents
from evidence.training.specimens import parse_specimen, read_specimen_documents, read_specimens
from evidence.training.unseen import CHECKS
from questionnaire.instrument import load_instrument


@pytest.fixture(scope="module")
def documents() -> list[Labelled]:
    folder = CHECKS["unseen"]
    readings = read_documents(folder / "labels.jsonl", folder / "docs")
    return see_corpus(folder / "labels.jsonl", readings, load_matcher(load_instrument()).observer)


def test_ridge_in_its_dual_form_is_ridge() -> None:
    chance = np.random.default_rng(1)
    rows, targets = chance.normal(size=(40, 6)), chance.normal(size=(40, 3))
    weights, mean = fit_ridge(sparse.csr_matrix(rows), targets)
    plain = np.linalg.solve(rows.T @ rows + QUESTION_RIDGE * np.eye(6), rows.T @ (targets - targets.mean(axis=0)))
    assert np.allclose(weights, plain)
    assert np.allclose(mean, targets.mean(axis=0))


def test_threshold_is_half_of_the_best_f1() -> None:
    sure = np.array([0.9, 0.8, 0.7, 0.2, 0.1], dtype=np.float32)
    labels = np.array([1, 1, 0, 1, 0], dtype=np.float32)
    best = max(2 * labels[:n].sum() / (n + labels.sum()) for n in range(1, 6))
    assert best_threshold(sure, labels, 1.0) == pytest.approx(best / 2)
    assert best_threshold(sure, labels, 2.0) < best_threshold(sure, labels, 1.0)


def test_a_document_that_surely_bears_on_nothing_is_left_alone() -> None:
    weights = replace(blank_weights(load_instrument()), threshold=0.4, threshold_beside=0.3)
    assert weights.needed(np.array([0.39, 0.35], dtype=np.float32), 40) == 0.4
    assert weights.needed(np.array([0.41, 0.35], dtype=np.float32), 40) == 0.3
    assert weights.needed(np.array([0.41, 0.35], dtype=np.float32), 4) == 0.4
    assert weights.needed(np.array([], dtype=np.float32), 40) == 0.4


def test_a_language_with_few_labels_has_no_figure_of_its_own() -> None:
    found = np.zeros(84, dtype=np.float32)
    found[:20] = 1.0
    codes = [question.code for question in load_instrument().questions]
    many = SimpleNamespace(name="a.txt", language="pt", found=found)
    few = SimpleNamespace(name="b.txt", language="ar", found=np.roll(found, 1) * (np.arange(84) < 19))
    observer = SimpleNamespace(questions=tuple(codes))
    material = SimpleNamespace(labelled=(many, few), matcher=SimpleNamespace(observer=observer))
    rows = [{"document": "a.txt", "question": code} for code in [*codes[:10], *codes[:3], codes[50]]]
    assert f1_by_language(cast(Material, material), rows) == {"pt": pytest.approx(2 * 10 / (20 + 11))}


def test_folds_of_specimens_are_countries_and_none_is_empty() -> None:
    folds = {specimen.country: fold_of(specimen.country) for specimen in read_specimens()}
    assert set(folds.values()) == set(range(FOLDS))


def test_marked_units_are_examples_of_their_question_and_others_of_nothing() -> None:
    text = (
        "1. ⟦L.1.1 in_place h⟧Any person who gains access to a computer without authority commits an offence.⟦/⟧\n\n"
        + "\n\n".join(f"{n}. The board keeps accounts of its funds and reports to the Minister." for n in range(2, 30))
    )
    instrument = load_instrument()
    specimen = parse_specimen("GHA-act-2020.en.txt", text)
    examples = specimen_examples(instrument, [specimen], read_specimen_documents([specimen]))["en"]
    asked = [e for e in examples if e.question >= 0]
    assert [(instrument.questions[e.question].code, e.stance) for e in asked] == [("L.1.1", 0)]
    assert 5 < len(examples) - len(asked) < 28


def test_priors_of_a_group_do_not_count_it(documents: list[Labelled]) -> None:
    group = groups_of(documents, 2)
    priors = priors_without_own_group(documents, group)
    changed = [replace(d, found=1.0 - d.found) if g == 0 else d for d, g in zip(documents, group, strict=True)]
    other = priors_without_own_group(changed, group)
    assert np.array_equal(priors[0].found, other[0].found)
    assert not np.array_equal(priors[1].found, other[1].found)


def test_snippets_hold_a_quote_and_little_else(documents: list[Labelled]) -> None:
    pieces = cut_excerpts(documents)
    assert {piece.view.all_units for piece in pieces} <= {SNIPPET, WINDOW}
    snippets = [piece for piece in pieces if piece.view.all_units == SNIPPET]
    assert {piece.name.split("#")[0] for piece in snippets} == {d.name for d in documents if states_by_unit(d)}
    for piece in snippets:
        numbers = [unit.number for unit in piece.view.units]
        assert numbers[-1] - numbers[0] < SNIPPET
        assert all(a < b for a, b in pairwise(numbers))
        assert piece.quoted.any()


def test_an_unknown_label_is_no_lack_of_evidence(documents: list[Labelled]) -> None:
    whole = {document.name: document for document in documents}
    for piece in cut_excerpts(documents):
        told = whole[piece.name.split("#")[0]].found > 0
        assert not (piece.found[told] == 0.0).any()


def test_public_labels_are_passed_over_where_their_documents_are_missing(tmp_path: Path) -> None:
    assert list(read_public_documents(tmp_path)) == []


def test_a_document_draws_its_negatives_whatever_others_hold(documents: list[Labelled]) -> None:
    drawn = [draw_candidates(document) for document in documents]
    assert all(np.array_equal(drawn[i], draw_candidates(documents[i])) for i in (0, 5))
    assert 0.2 < np.concatenate(drawn).mean() < 0.4


def test_a_last_digit_changes_no_learned_weight() -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(2000, 8)).astype(np.float16).astype(np.float32)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > chance.normal(size=2000)).astype(int)
    other = np.nextafter(rows, np.float32(9))
    trees = [fit_forest(r, labels, rounds=20, leaves=8, rate=0.1, leaf_size=20) for r in (rows, other)]
    assert np.array_equal(trees[0].column, trees[1].column) and np.array_equal(trees[0].value, trees[1].value)
    lines = [fit_linear(r, labels, 0.1) for r in (rows, other)]
    assert np.allclose(lines[0].weights, lines[1].weights, atol=1e-5)


def test_in_place_is_the_mean_of_two_voices() -> None:
    none = np.zeros(1, dtype=np.float32)
    sure = Linear(none, none + 1, np.array([[2.0]], dtype=np.float32), none)
    stances = np.array([[0.5, 0.4, 0.1], [0.5, 0.4, 0.1]], dtype=np.float32)
    told = surely_in_place(sure, np.array([[3.0], [-3.0]], dtype=np.float32), [0.8, 0.8], stances)
    assert told == pytest.approx([(0.4 + 1 / (1 + np.exp(-6.0))) / 2, (0.4 + 1 / (1 + np.exp(6.0))) / 2])
