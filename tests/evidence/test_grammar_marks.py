"""Marks of the seven grammars on fresh sentences: state, plan, absence, pending, ended, and wordings that are none.

No sentence stands in any labelled or unseen document: they are written for this test.
"""

from __future__ import annotations

from functools import cache

import pytest

from evidence.folding import fold
from evidence.grammar import load_grammars
from evidence.marks import MarkFinder

STATE = {
    "en": [
        "The Centre publishes advisories every week.",
        "For the third year running the police academy held its course on digital evidence.",
        "The unit has operated around the clock since 2014.",
        "Last year 412 teachers completed the module on online safety.",
        "The policy is in force.",
    ],
    "fr": [
        "Le centre publie chaque semaine un bulletin d'alertes.",
        "La quatrième édition de l'exercice s'est tenue à la capitale.",
        "L'institut a formé 85 magistrats à la preuve numérique.",
        "Le ministre a inauguré le laboratoire d'analyse.",
        "L'équipe est membre du forum régional.",
    ],
    "es": [
        "El centro emite boletines cada semana.",
        "El ministerio capacitó a 230 jueces en evidencia digital.",
        "Se celebró la cuarta edición del ejercicio de crisis.",
        "La universidad imparte una maestría en seguridad informática.",
        "El equipo forma parte del foro regional.",
    ],
    "pt": [
        "O centro publica alertas todas as semanas.",
        "O ministério formou 230 magistrados em prova digital.",
        "Realizou-se a terceira edição do exercício de crise.",
        "A universidade ministra um mestrado em segurança da informação.",
        "A equipa funciona desde 2016.",
    ],
    "ar": [
        "ينشر المركز تحذيرات أمنية كل أسبوع.",
        "افتتح الوزير مختبر الأدلة الرقمية.",
        "نظمت الهيئة التمرين للسنة الثالثة على التوالي.",
        "تدرب الأكاديمية القضاة سنويا على الأدلة الرقمية.",
        "يعمل الفريق منذ 2015.",
    ],
    "ru": [
        "Бюллетени публикуются еженедельно.",
        "В прошлом году курс прошли 140 судей.",
        "Подготовка специалистов ведется в трех университетах.",
        "Команда работает с 2015 года.",
        "Состоялись третьи учения по отражению атак.",
    ],
    "zh": [
        "中心每周发布安全公告。",
        "去年共有一百二十名法官完成了培训。",
        "该小组自2015年起运作。",
        "第三届应急演练在首都举行了。",
        "大学正在开展密码学研究。",
    ],
}

PLAN = {
    "en": ["A national team will be set up by 2029.", "The register is expected to open next autumn."],
    "fr": [
        "Une équipe nationale sera mise en place d'ici 2029.",
        "Le registre devrait être prévu pour l'année prochaine.",
    ],
    "es": ["Se creará un equipo nacional.", "Está previsto un registro para el año 2029."],
    "pt": ["Será criada uma equipa nacional.", "O ministério criará um registo até 2029."],
    "ar": ["سيتم إنشاء فريق وطني.", "من المقرر إنشاء سجل بحلول عام 2029."],
    "ru": ["Национальная команда будет создана.", "Реестр планируется открыть к 2029 году."],
    "zh": ["将设立国家应急小组。", "预计到2029年建立登记制度。"],
}

ABSENT = {
    "en": [
        "The country has no register of operators.",
        "There is no national strategy.",
        "A law on data protection does not exist.",
        "Audits are not yet carried out.",
        "The strategy has not been adopted.",
    ],
    "fr": [
        "Il n'existe pas de registre des opérateurs.",
        "Le pays ne dispose d'aucune équipe nationale.",
        "La stratégie n'a pas encore été adoptée.",
        "Aucune université n'enseigne cette matière.",
    ],
    "es": [
        "No existe un registro de operadores.",
        "El país no cuenta con un equipo nacional.",
        "La estrategia aún no ha sido adoptada.",
        "Se carece de una ley de protección de datos.",
    ],
    "pt": [
        "Não existe um registo de operadores.",
        "O país não dispõe de equipa nacional.",
        "O Estado não tem ainda uma estratégia.",
        "A estratégia ainda não foi adotada.",
    ],
    "ar": [
        "لا يوجد سجل وطني للمشغلين.",
        "لم يتم اعتماد الاستراتيجية بعد.",
        "ليس لدى الدولة فريق وطني.",
        "تفتقر البلاد إلى قانون لحماية البيانات.",
    ],
    "ru": [
        "Реестр операторов отсутствует.",
        "Национальной команды в стране нет.",
        "Аудит не проводится.",
        "Стратегия пока не принята.",
    ],
    "zh": ["目前没有运营者登记制度。", "国家尚未制定战略。", "该领域立法仍属空白。", "尚无国家应急小组。"],
}

ENDED = {
    "en": ["The strategy expired in 2021.", "The Act was repealed.", "The plan came to the end of its term."],
    "fr": ["La stratégie est arrivée à échéance.", "Le décret est abrogé."],
    "es": ["La estrategia venció en 2021.", "La ley fue derogada."],
    "pt": ["A estratégia caducou em 2021.", "A lei foi revogada."],
    "ar": ["انتهت مدة الاستراتيجية.", "ألغي القانون."],
    "ru": ["Срок действия стратегии истек.", "Закон утратил силу."],
    "zh": ["该战略已到期。", "该条例已废止。"],
}

PENDING = {
    "en": ["The State signed but has not ratified the treaty.", "The country was invited to accede to the treaty."],
    "fr": ["L'État a signé le traité mais ne l'a pas encore ratifié.", "Le pays a été invité à adhérer au traité."],
    "es": ["El tratado está pendiente de ratificación.", "El país fue invitado a adherirse al tratado."],
    "pt": ["O tratado aguarda ratificação.", "O país foi convidado a aderir ao tratado."],
    "ar": ["لم تصادق الدولة على الاتفاقية.", "وقعت الدولة الاتفاقية وهي في انتظار التصديق."],
    "ru": ["Договор ожидает ратификации.", "Страна приглашена присоединиться к договору."],
    "zh": ["条约已签署，尚待批准。", "该国受邀加入该公约。"],
}

WITHOUT_RIGHT = {
    "en": [
        "A person who without right obtains data commits an offence.",
        "Whoever, not being authorised, alters a program is liable to a fine.",
    ],
    "fr": ["Quiconque, sans autorisation, modifie des données est puni d'une amende."],
    "es": ["El que sin autorización modifique datos será castigado con prisión."],
    "pt": ["Quem, sem autorização, alterar dados é punido com pena de prisão."],
    "ar": ["يعاقب بالحبس كل من أتلف بيانات بدون وجه حق."],
    "ru": ["Изменение данных без разрешения наказывается штрафом."],
    "zh": ["未经授权修改数据的，处三年以下有期徒刑。"],
}

NO_PLAN = {
    "en": ["The conference of 4 May was attended by many.", "Anyone may subscribe to the bulletin."],
    "fr": ["La caméra du laboratoire a été remplacée."],
    "es": ["Es la primera política financiera de la frontera.", "Cualquiera puede leerla de esa manera."],
    "pt": ["Foi a primeira auditoria da carreira financeira."],
    "ar": ["نشرت السياسة السنوية."],
    "ru": ["Опубликованы меры для целостности данных."],
    "zh": ["该法已经施行。"],
}


MEASURE = {
    "ru": [
        "Разработка и внедрение единой системы оповещения.",
        "Обновить перечень критических объектов и провести их инвентаризацию.",
        "Ежегодно обучать по двести сотрудников областных ведомств.",
        "Рабочей группе поручено подготовить предложения по созданию реестра.",
        "Агентство запустит портал для приема сообщений.",
    ],
    "ar": [
        "استحداث سجل موحد للمنشآت الحيوية.",
        "ستدرج الأكاديمية مادة الأدلة الرقمية وتنظم امتحانا لها.",
        "ستتفاوض الوزارة على اتفاق لتبادل الأدلة.",
        "تعتزم الهيئة فتح مختبر إقليمي.",
    ],
    "zh": [
        "建立健全关键设施目录。",
        "加快培养专业人才。",
        "拟开展全国演练。",
        "力争到2030年建成监测平台。",
    ],
}
"""What is to be done, as a nominalisation, an infinitive or a future: no state, though its stem is that of one."""

LIMITED = {
    "ru": [
        "Правила действуют лишь для банков.",
        "Проект постановления находится на рассмотрении.",
        "Единственное занятие прошло в 2019 году и с тех пор не повторялось.",
    ],
    "ar": [
        "يسري الدليل على المصارف فقط.",
        "اقتصر النشاط على ورشة واحدة.",
        "مشروع القانون قيد الدراسة.",
    ],
    "zh": [
        "该规则仅适用于银行。",
        "课程在三所学校试点。",
        "草案正在征求意见。",
    ],
}
"""What holds for some, once, or not yet in full."""

NOT_SO = {
    "ru": [
        "Закон не содержит норм о сохранении данных.",
        "Ни одна школа такого предмета не преподает.",
        "Учений по отражению атак не велось.",
    ],
    "ar": [
        "لا تطرح الجامعات أي تخصص في هذا المجال.",
        "لم ينفذ الفريق أي تمرين.",
        "خلت السياسة من أي إجراء للطوارئ.",
    ],
    "zh": [
        "法律未规定数据留存。",
        "学校均未开设该课程。",
        "该国不具备此类制度。",
    ],
}
"""Absence told by a denied verb of any kind."""

NORM = {
    "ru": [
        "Оператор обязан уведомить субъекта, если иное не установлено законом.",
        "Лицо, которое, не имея на то права, получило доступ к сети, карается лишением свободы.",
        "Орган не вправе требовать сведений, не предусмотренных законом.",
    ],
    "ar": [
        "لا تسري أحكام هذا القانون على البيانات التي لا تتعلق بالأشخاص.",
        "لا يجوز نقل البيانات ما لم ينص القانون على ذلك.",
        "يعاقب بالحبس مدة لا تقل عن سنة كل من أتلف بيانات دون تصريح.",
    ],
    "zh": [
        "未经本人同意，不得公开其个人信息。",
        "任何组织没有法律依据不得截取通信。",
        "违反规定，未履行义务的，处罚款。",
    ],
}
"""Conditions and limits of an enacted norm, which deny nothing and plan nothing."""


def _cases(held: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in held.items() for text in texts]


@cache
def _finder(language: str) -> MarkFinder:
    return MarkFinder(load_grammars().languages[language])


def _marks(language: str, text: str) -> frozenset[str]:
    return _finder(language).find(text)


@pytest.mark.parametrize(("language", "text"), _cases(STATE))
def test_a_state_is_a_state_and_no_plan(language: str, text: str) -> None:
    marks = _marks(language, text)
    assert "done" in marks
    assert not marks & {"will", "todo", "ongoing", "lack", "absent"}


@pytest.mark.parametrize(("language", "text"), _cases(PLAN))
def test_a_plan_is_a_plan_and_no_state(language: str, text: str) -> None:
    marks = _marks(language, text)
    assert "will" in marks
    assert not marks & {"done", "lack", "absent"}


@pytest.mark.parametrize(("language", "text"), _cases(ABSENT))
def test_absence_is_plain_and_no_state(language: str, text: str) -> None:
    marks = _marks(language, text)
    assert {"absent", "lack"} <= marks
    assert not marks & {"done", "will", "todo"}


@pytest.mark.parametrize(("language", "text"), _cases(ENDED))
def test_what_ended_is_no_longer_in_place(language: str, text: str) -> None:
    assert {"ended", "lack"} <= _marks(language, text)


@pytest.mark.parametrize(("language", "text"), _cases(PENDING))
def test_signed_or_invited_is_pending(language: str, text: str) -> None:
    assert {"pending", "ongoing"} <= _marks(language, text)


@pytest.mark.parametrize(("language", "text"), _cases(WITHOUT_RIGHT))
def test_an_offence_without_right_lacks_nothing_and_plans_nothing(language: str, text: str) -> None:
    marks = _marks(language, text)
    assert "offence" in marks
    assert not marks & {"lack", "absent", "will", "todo"}


@pytest.mark.parametrize(("language", "text"), _cases(NO_PLAN))
def test_nouns_and_months_are_no_plans(language: str, text: str) -> None:
    assert not _marks(language, text) & {"will", "aim", "todo", "ongoing"}


@pytest.mark.parametrize(("language", "text"), _cases(MEASURE))
def test_a_measure_to_be_taken_is_a_plan_and_no_state(language: str, text: str) -> None:
    marks = _marks(language, text)
    assert marks & {"will", "todo"}
    assert not marks & {"done", "lack"}


@pytest.mark.parametrize(("language", "text"), _cases(LIMITED))
def test_what_is_limited_is_said_to_be_partial(language: str, text: str) -> None:
    assert "ongoing" in _marks(language, text)


@pytest.mark.parametrize(("language", "text"), _cases(NOT_SO))
def test_a_denied_verb_is_absence_and_no_state(language: str, text: str) -> None:
    marks = _marks(language, text)
    assert {"absent", "lack"} <= marks
    assert not marks & {"done", "will", "todo"}


@pytest.mark.parametrize(("language", "text"), _cases(NORM))
def test_a_norm_with_conditions_lacks_nothing_and_plans_nothing(language: str, text: str) -> None:
    assert not _marks(language, text) & {"lack", "absent", "will", "todo"}


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "ar", "ru", "zh"])
def test_every_pattern_compiles_and_nothing_bears_no_mark(language: str) -> None:
    assert _marks(language, "") == frozenset()
    assert _marks(language, "· 42 ·") == frozenset()


def test_a_number_of_countries_speaks_of_others() -> None:
    for language, text in (
        ("en", "Teams exist in 91 countries."), ("fr", "Il en existe dans 91 pays."), ("es", "Los hay en 91 países."),
        ("pt", "Existem em 91 países."), ("ar", "توجد فرق في 91 دولة."), ("ru", "Команды есть в 91 стране."),
        ("zh", "91个国家设有小组。"),
    ):  # fmt: skip
        assert "foreign" in _marks(language, text)


def test_traditional_chinese_is_compared_in_simplified_signs_and_words() -> None:
    assert fold("網路安全與資訊科技，保護個人資料", "zh") == fold("网络安全与信息技术，保护个人数据", "zh")
    assert "absent" in _marks("zh", "該地區尚無應變小組。")
    assert "done" in _marks("zh", "中心每週發布安全公告，於2015年設立。")


def test_simplified_chinese_is_left_as_it_is() -> None:
    text = "国家网络安全资料"
    assert fold(text, "zh") == text
