"""Makes the desk that the browser tests visit: run in a process of its own with the desk's environment."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"
ARABIC = "اعتمد مجلس الوزراء القانون الاتحادي لمكافحة الجرائم الإلكترونية ودخل حيز التنفيذ بعد نشره في الجريدة الرسمية."
HOSTILE = "<p>The Act entered into force in May.</p>" + (
    "<img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>"
)


def main() -> None:
    """Build Fiji and Tonga, people of every role, and some decisions."""
    django.setup()
    spec = importlib.util.spec_from_file_location("synthetic_desk", ROOT / "benchmarks" / "synthetic_desk.py")
    assert spec and spec.loader
    synthetic = importlib.util.module_from_spec(spec)
    sys.modules["synthetic_desk"] = synthetic
    spec.loader.exec_module(synthetic)

    from review import services
    from review.desk import desk_settings
    from review.lake_view import lake_view
    from review.models import Person
    from review.services.decisions import Verdict, decide, sheet_of
    from review.services.people import assign

    services.prepare_database()
    pages = (
        synthetic.Page(
            title="قانون مكافحة الجرائم الإلكترونية", language="ar", url="https://www.gov.example/ar/law.html",
            paragraphs=(ARABIC, ARABIC.replace("مجلس", "ديوان")),
        ),
        synthetic.Page(
            title="<img src=x onerror=alert(9)>", url="https://www.gov.example/act.html", markup=HOSTILE,
            paragraphs=("The Act entered into force in May.", "A second sentence stands below it."),
        ),
    )  # fmt: skip
    for country in ("FJI", "TON"):
        synthetic.build_country(desk_settings(), synthetic.Plan(iso3=country, documents=30, pages=pages))
        services.record_draft(country)
    people = {}
    for name, role in (
        ("ada", "administrator"), ("cleo", "coordinator"), ("rita", "reviewer"), ("ravi", "reviewer"),
        ("obi", "observer"),
    ):  # fmt: skip
        people[name] = Person.objects.create_person(name, role, name=name.title(), password=PASSWORD)
        for country in ("FJI", "TON", "XDM"):
            assign(people[name], country, "test")
    answers = {"L.1.1": ("yes", "yes"), "L.1.2": ("yes", "no"), "L.1.3": ("yes", "yes")}
    for code, chosen in answers.items():
        for name, answer in zip(("rita", "ravi"), chosen, strict=True):
            mark = sheet_of(lake_view(), "TON", code).mark
            decide(people[name], "TON", code, Verdict(answer=answer, why="as the act says", seen_mark=mark))
    changed = (synthetic.changed_page(pages[0], 0, ARABIC.replace("اعتمد", "ألغى")), pages[1])
    synthetic.build_country(desk_settings(), synthetic.Plan(iso3="TON", documents=30, pages=changed))
    services.record_draft("TON")


if __name__ == "__main__":
    main()
