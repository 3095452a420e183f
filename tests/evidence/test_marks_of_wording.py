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
        "iv. Train judges and prosecutors.",
        "Governance: appoint a coordinator of the ministries.",
    ],
    "fr": [
        "Modifier le code des douanes.",
        "Concevoir un guide pour les pêcheurs.",
        "Mise en place d'un laboratoire.",
        "Action 7.3 : préparer le cahier des charges.",
        "Le ministère devra définir un référentiel.",
    ],
    "es": [
        "Modificar el código de aduanas.",
        "Suscribir un convenio con los puertos.",
        "Puesta en marcha de un laboratorio.",
        "Línea de acción 7.3: preparar el pliego.",
        "El ministerio deberá diseñar un catálogo.",
    ],
    "pt": [
        "Alterar o código aduaneiro.",
        "Celebrar um acordo com os portos.",
        "Acção 7.3: preparar o caderno de encargos.",
        "O ministério deverá conceber um catálogo.",
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
    "es": [
        "La oficina abrirá una ventanilla.",
        "El Gobierno se compromete a financiar el laboratorio.",
        "El ejercicio será repetido cada dos años.",
        "El plan contempla una escuela de verano.",
    ],
    "pt": [
        "O instituto abrirá um balcão.",
        "O Governo compromete-se a financiar o laboratório.",
        "O exercício será repetido cada dois anos.",
        "A escola irá criar um curso de verão.",
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
    "es": [
        "Ninguna guía para los maestros del país ha sido publicada.",
        "Los tribunales no realizan ejercicios.",
        "Ni la policía ni los tribunales reciben cursos.",
        "El plan omite a las pequeñas empresas.",
        "El texto no contiene cláusula alguna sobre los registros.",
        "El reglamento jamás ha sido revisado.",
    ],
    "pt": [
        "Nenhum guia para os professores do país foi publicado.",
        "Os tribunais não realizam exercícios.",
        "Nem a polícia nem os tribunais recebem cursos.",
        "O texto não contém qualquer cláusula sobre os registos.",
        "O regulamento nunca foi revisto.",
        "O plano é omisso quanto às pequenas empresas.",
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
    "es": [
        "La oficina abrió en 2021, pero no se ha contratado a nadie.",
        "Se impartió un único seminario.",
        "La reforma se encuentra en consulta.",
        "El equipo participa como observador en la red.",
        "Un grupo informal se reúne, sin mandato.",
        "La afiliación sigue pendiente.",
    ],
    "pt": [
        "O balcão abriu em 2021, mas ninguém foi contratado e nada mudou, embora ainda haja verba.",
        "Foi ministrado um único seminário.",
        "A reforma permanece em estudo.",
        "A equipa participa como observadora na rede.",
        "Um grupo informal reúne-se, sem mandato.",
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
    "es": [
        "El que sin autorización modifique un programa será castigado con prisión.",
        "Ninguna persona podrá interceptar una transmisión.",
        "Los proveedores conservarán los registros.",
        "Artículo 12. Los operadores notificarán el incidente.",
        "Las sanciones previstas en el artículo 9 son aplicables.",
        "Quien no cumpla la orden incurrirá en multa.",
    ],
    "pt": [
        "Quem, sem autorização, alterar um programa é punido com pena de prisão.",
        "Nenhuma pessoa poderá interceptar uma transmissão.",
        "Os prestadores conservarão os registos.",
        "As sanções previstas no artigo 9 são aplicáveis.",
        "A presente lei não se aplica aos tribunais.",
    ],
}


NUMBERED = {
    "zh": ["（三）加强网络安全人才培养", "三、加强网络安全人才培养", "第三，加强网络安全人才培养"],
    "pt": ["III - Criar um centro nacional de resposta."],
    "fr": ["Gouvernance : créer un centre national de réponse."],
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


@pytest.mark.parametrize(("language", "text"), cases(NUMBERED))
def test_a_measure_is_a_plan_behind_its_number(language: str, text: str) -> None:
    assert "todo" in finder(language).find(text)


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
