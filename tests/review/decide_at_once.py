"""Lets three people decide one question in the same moment; a process of its own, on a database like in life."""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Print what became of each press of the button, and the sequence numbers on record."""
    django.setup()
    spec = importlib.util.spec_from_file_location("synthetic_desk", ROOT / "benchmarks" / "synthetic_desk.py")
    assert spec and spec.loader
    synthetic = importlib.util.module_from_spec(spec)
    sys.modules["synthetic_desk"] = synthetic
    spec.loader.exec_module(synthetic)

    from django.db import connection

    from review import services
    from review.desk import desk_settings
    from review.lake_view import lake_view
    from review.models import Decision, Person
    from review.services.decisions import ChangedMeanwhileError, Verdict, decide, sheet_of

    services.prepare_database()
    synthetic.build_country(desk_settings(), synthetic.Plan(iso3="FJI", archived=False))
    services.record_draft("FJI")
    people = [Person.objects.create_person(name, "reviewer") for name in ("rita", "ravi", "rosa")]
    mark = sheet_of(lake_view(), "FJI", "L.1.1").mark
    start, outcomes = threading.Barrier(len(people)), []

    def press(who: Person) -> None:
        try:
            start.wait(30)
            decide(who, "FJI", "L.1.1", Verdict(answer="yes", why="as drafted", seen_mark=mark))
            outcomes.append("taken")
        except ChangedMeanwhileError as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    rows = Decision.objects.filter(question="L.1.1").values_list("sequence", flat=True)
    print(json.dumps({"outcomes": outcomes, "sequences": list(rows)}))


if __name__ == "__main__":
    main()
