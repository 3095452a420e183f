"""Marks of English, French, Spanish and Portuguese by classes of wording, on sentences written for this test.

A measure that begins with its verb is a plan, what shall be done is not done, a denied existence is an absence and no
state, a state with a limit is not whole; and the law's own ways of saying no are none of these.
"""

from __future__ import annotations

from functools import cache

import pytest

from evidence.grammar import load_grammars
from evidence.marks import MarkFinder

MEASURES = {
    "en": [
        "Amend the Evidence Act.",
        "Roll out training in the districts.",
        "Designate a point of contact.",
        "Criminalise the sale of stolen credentials.",
        "Action 7.3: prepare the tender for the laboratory.",
        "The Ministry shall introduce a diploma for analysts.",
    ],
    "fr": [
        "Modifier le code des douanes.",
        "Concevoir un guide pour les pêcheurs.",
        "Mise en place d'un laboratoire.",
        "Action 7.3 : préparer le cahier des charges.",
        "Le ministère devra définir un référentiel.",
    ],
}
TO_COME = {
    "en": [
        "A register of operators is to be formed.",
        "The ministries are to set up a joint desk.",
        "The Government pledges to fund the laboratory.",
        "The guidelines shall be revised within three years.",
        "The plan will be tested every two years.",
    ],
    "fr": [
        "L'office ouvrira un guichet.",
        "Le Gouvernement s'engage à financer le laboratoire.",
        "Les règles devront être révisées.",
        "Un exercice sera tenu tous les deux ans.",
        "Il est envisagé de créer un registre.",
    ],
}
DENIED = {
    "en": [
        "No guide for teachers has been published.",
        "None of the ministries of the country offers such a course.",
        "Neither the police nor the courts hold exercises.",
        "Nothing is done to warn fishermen.",
        "The statute contains no clause on logs.",
        "The Republic is not a party to the protocol.",
        "The syllabus has never been revised.",
        "The policy is silent on small firms.",
        "Farmers receive no advice.",
    ],
    "fr": [
        "Aucun guide à l'intention des enseignants du pays n'a été publié.",
        "Les tribunaux ne mènent aucun exercice.",
        "Ni la police ni les tribunaux n'ont été formés.",
        "Rien n'est fait pour les pêcheurs.",
        "Le texte ne contient aucune clause sur les journaux.",
        "Le plan est muet sur les petites entreprises.",
        "Le pays ne s'est pas encore doté d'un registre.",
    ],
}
LIMITED = {
    "en": [
        "The desk opened in 2021, but no analyst has been hired.",
        "The rules were approved for banks only.",
        "A single seminar was held in the port.",
        "An application for membership of the forum has been lodged.",
        "The team has observer status in the network.",
        "Negotiations with the neighbours have begun.",
    ],
    "fr": [
        "Le guichet a ouvert en 2021, mais aucun analyste n'a été recruté.",
        "Un seul séminaire a été tenu.",
        "Le texte ne protège que les lettres.",
        "La réforme est à l'étude.",
        "L'équipe siège comme observatrice au réseau.",
        "Un groupe informel se réunit, sans mandat.",
    ],
}
LAW = {
    "en": [
        "Any person who without authority alters a program commits an offence.",
        "No person shall intercept a transmission without a warrant.",
        "No provider shall be liable for content of which it has no knowledge.",
        "Whoever has no right to use a code and uses it is liable to imprisonment.",
        "Law No. 41 of 2015 is in force.",
        "The notice shall be given no later than the third day.",
    ],
    "fr": [
        "Quiconque, sans autorisation, modifie un programme est puni d'une amende.",
        "Nul ne peut intercepter une transmission.",
        "Celui qui prend une chose qui ne lui appartient pas est coupable de vol.",
        "Les conditions prévues à l'article 12 sont applicables.",
        "La présente loi ne s'applique pas aux tribunaux.",
        "L'avis n'est donné que lorsque le juge l'ordonne.",
    ],
}


@cache
def finder(language: str) -> MarkFinder:
    return MarkFinder(load_grammars().languages[language])


def cases(sentences: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in sentences.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), cases(MEASURES))
def test_a_measure_that_begins_with_its_verb_is_a_plan(language: str, text: str) -> None:
    found = finder(language).find(text)
    assert "todo" in found
    assert not found & {"done", "absent"}


@pytest.mark.parametrize(("language", "text"), cases(TO_COME))
def test_what_is_to_come_is_a_plan_and_not_done(language: str, text: str) -> None:
    found = finder(language).find(text)
    assert found & {"will", "todo"}
    assert "done" not in found


@pytest.mark.parametrize(("language", "text"), cases(DENIED))
def test_denied_existence_is_absent_and_not_done(language: str, text: str) -> None:
    found = finder(language).find(text)
    assert "absent" in found
    assert "done" not in found


@pytest.mark.parametrize(("language", "text"), cases(LIMITED))
def test_a_state_with_a_limit_is_under_way(language: str, text: str) -> None:
    assert "ongoing" in finder(language).find(text)


@pytest.mark.parametrize(("language", "text"), cases(LAW))
def test_the_no_of_a_law_is_no_absence_and_no_plan(language: str, text: str) -> None:
    assert not finder(language).find(text) & {"absent", "will", "todo", "ongoing"}
