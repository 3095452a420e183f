"""Languages: by itself, among neighbours, and what is not covered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.language_detection import assign_languages, detect_language
from extractors.languages import COVERED, language_name
from extractors.layout import Layout, LayoutBuilder
from extractors.passages import build
from extractors.scripts import script_of
from store.readings import Reading

Read = Callable[..., Reading]


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Law 12", "Latn"), ("قانون", "Arab"), ("Закон", "Cyrl"), ("网络安全法", "Hans"), ("網絡安全法規與機構", "Hant"),
        ("サイバー基本法", "Jpan"), ("사이버안보", "Kore"), ("2014 (12)", "Zyyy"), ("རྫོང་ཁ", "Tibt"),
    ],
)  # fmt: skip
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_a_script_overrules_a_voice() -> None:
    assert detect_language("网络安全法").language == "zh"
    assert detect_language("Настоящий закон вступает в силу со дня опубликования.").language == "ru"


def test_too_little_text_is_no_guess() -> None:
    assert detect_language("12 (3)").language == "und"
    assert detect_language("CERT xq").language == "und"


def test_short_text_takes_its_neighbours_language() -> None:
    english = ["The authority shall protect all critical systems of the country."] * 4
    arabic = ["تتولى الهيئة حماية الأنظمة الحيوية في الدولة وفقا لأحكام هذا القانون."] * 4
    texts = [*english, "Fines", *arabic, "الغرامات", "12"]
    found = [language for language, _ in assign_languages(texts, [""] * len(texts))]
    assert found == ["en"] * 5 + ["ar"] * 6


def test_two_languages_in_one_document() -> None:
    texts = [
        "The national authority is established by this law and reports to parliament each year.",
        "L’autorité nationale est instituée par la présente loi et rend compte chaque année au parlement.",
    ] * 4
    found = [language for language, _ in assign_languages(texts, [""] * len(texts))]
    assert found == ["en", "fr"] * 4


def test_a_long_foreign_passage_takes_no_neighbours_language() -> None:
    english = ["The authority shall protect all critical systems of the country and report each year."] * 6
    maori = "Ko te ture tenei mo te whakahaere i nga mahi katoa o te motu, me nga tikanga e pa ana ki nga tangata."
    found = assign_languages([*english, maori], [""] * 7)
    assert found[-1][0] != "en"


@pytest.mark.parametrize("expected", ["fr", "es", "pt", "id", "sw"])
def test_the_wrong_country_lends_no_language_to_a_title(expected: str) -> None:
    english = ["The authority reports every year to the minister on the security of networks and systems."] * 6
    title = "Ko te ture tenei mo te whakahaere i nga mahi katoa o te motu, me nga tikanga e pa ana ki nga tangata."
    alone = assign_languages([title, *english], [""] * 7)
    assert assign_languages([title, *english], [""] * 7, [expected]) == alone
    assert assign_languages([title, *english], [""] * 7, ["en", expected]) == alone


def test_an_expected_language_that_is_not_covered_is_never_guessed() -> None:
    assert assign_languages(["Plan 2021", "12"], ["", ""], ["id"]) == assign_languages(["Plan 2021", "12"], ["", ""])
    assert assign_languages(["Plan 2021"], [""], ["fr"])[0][0] == "fr"


def test_a_language_that_is_not_covered_is_named(read: Read) -> None:
    text = (
        "Sheria hii inaanzisha mamlaka ya taifa ya usalama wa mtandao ambayo itasimamia mifumo yote muhimu ya nchi.\n\n"
    )
    reading = read(text * 5, "sheria.txt")
    assert reading.status == "not_covered"
    assert "Swahili: not covered" in reading.reason


def test_a_document_that_is_covered_in_part_is_read(read: Read) -> None:
    swahili = "Sheria hii inaanzisha mamlaka ya taifa ya usalama wa mtandao ambayo itasimamia mifumo yote ya nchi.\n\n"
    english = "This law establishes a national authority for the security of networks which supervises all systems.\n\n"
    reading = read((swahili + english) * 4, "law.txt")
    assert reading.status == "read"
    assert set(reading.languages) == {"sw", "en"}
    assert "Swahili: not covered" in reading.reason


def test_names_of_languages() -> None:
    assert language_name("dz") == "Dzongkha"
    assert language_name("zz") == "zz"


@pytest.mark.realdata
def test_accuracy_on_75_languages_is_not_below_either_voice(shared: Path) -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    alone = LanguageIdentifier.from_model_file(MODEL_FILE)
    right = first = covered_wrong = total = 0
    for path in sorted((shared / "data" / "language").glob("*.txt")):
        for sentence in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines()[::4])):
            found = detect_language(sentence)
            total += 1
            right += detect_language(sentence, guess=True).language == path.stem
            first += alone.classify(sentence)[0] == path.stem
            covered_wrong += path.stem not in COVERED and found.language in COVERED
    assert right >= first
    assert right / total > 0.9
    assert covered_wrong / total < 0.005


def test_short_text_of_a_column_takes_the_language_of_its_column() -> None:
    builder = LayoutBuilder()
    builder.add("No 12", column=0)
    english = "The Authority shall keep a register of all operators and publish it every year on its site."
    french = "L'Autorité tient un registre de tous les opérateurs et le publie chaque année sur son site."
    for _ in range(3):
        builder.add(english, column=1)
        builder.add("a) 24", column=1)
        builder.add(french, column=2)
        builder.add("b) 36", column=2)
    reading = build(Layout(format="pdf", text=builder.text, blocks=builder.blocks), "0" * 64)

    languages = {passage.text: passage.language for passage in reading.passages}
    assert languages == {"No 12": "en", english: "en", "a) 24": "en", french: "fr", "b) 36": "fr"}
