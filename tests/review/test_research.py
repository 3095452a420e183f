"""Research from the site: a process of its own, its progress, cancelling, trying again."""

from __future__ import annotations

import sys
import time

import pytest

from review import services
from review.models import ResearchRun
from review.services import research
from review.services.research import ResearchError, command_of

pytestmark = pytest.mark.django_db
REAL_COMMAND = command_of

WORKS = (
    "import time\n"
    "print('Crawling: 3 of 9 https://www.gov.example/<b>', flush=True)\n"
    "print('Reading: 2 of 2', flush=True)\n"
    "time.sleep({seconds})\n"
    "{end}\n"
)


@pytest.fixture
def runs(monkeypatch):
    """Let research be a small program of our own."""

    def let(seconds: float = 0.0, end: str = "") -> None:
        code = WORKS.format(seconds=seconds, end=end)
        monkeypatch.setattr(research, "command_of", lambda country: [sys.executable, "-c", code])

    return let


def wait_for(status: str, country: str = "FJI") -> ResearchRun:
    for _ in range(300):
        run = research.newest_run(country)
        assert run is not None
        if run.status == status:
            return run
        time.sleep(0.05)
    pytest.fail(f"the run is {run.status}, not {status}")


def test_the_commands_that_are_started(desk):
    program, *rest = REAL_COMMAND("FJI")
    assert program.endswith("/gcidesk") and rest == ["--data-dir", str(desk.data_dir), "research", "FJI"]
    assert REAL_COMMAND("XDM")[-2:] == ["demo", "--no-serve"]


def test_progress_shows_while_it_runs_and_then_it_is_done(desk, person, browse, runs):
    runs(seconds=3)
    client = browse(person("rita"))
    client.post("/countries/FJI/research/")
    for _ in range(100):
        page = client.get("/countries/FJI/research/progress/").content.decode()
        if "3/9" in page:
            break
        time.sleep(0.05)
    assert "3/9" in page and "2/2" in page and "Cancel" in page and 'hx-trigger="every 2s"' in page
    assert "&lt;b&gt;" in page and "researching" in client.get("/").content.decode()
    run = wait_for("done")
    assert run.exit_code == 0
    answer = client.get("/countries/FJI/research/progress/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true" and "every 2s" not in answer.content.decode()


def test_a_failure_shows_its_last_lines_and_can_be_tried_again(desk, person, browse, runs):
    runs(end="import sys; sys.exit('No contact address is set. Set GCIDESK_CONTACT.')")
    client = browse(person("rita"))
    services.start_research("FJI")
    client.post("/countries/FJI/research/")
    assert wait_for("failed").exit_code == 1
    page = client.get("/countries/FJI/").content.decode()
    assert "Set GCIDESK_CONTACT" in page and "Try again" in page
    assert services.file_state("FJI") == "not_started"
    runs()
    client.post("/countries/FJI/research/")
    wait_for("done")
    assert ResearchRun.objects.count() == 2


def test_two_at_once_are_refused_and_cancelling_ends_the_process(desk, person, browse, runs):
    runs(seconds=60)
    rita = person("rita")
    first = research.start(rita, "FJI")
    with pytest.raises(ResearchError, match="running already"):
        research.start(rita, "FJI")
    while "3 of 9" not in "".join(research._lines(research.log_file(first))):
        time.sleep(0.05)
    client = browse(rita)
    answer = client.post("/countries/FJI/research/cancel/", follow=True)
    assert "was cancelled" in answer.content.decode()
    watcher = research._children[first.process]
    watcher.wait(15)
    assert research.log_file(first).with_suffix(".exit").read_text() == "-15"
    with pytest.raises(ResearchError, match="No research"):
        research.cancel(rita, "FJI")


def test_a_reused_process_id_is_not_taken_for_the_run(desk, person):
    run = ResearchRun.objects.create(country="FJI", started_by=person("rita"), process=1, process_started="0")
    assert research.settle(run).status == "failed"


def test_a_country_that_nobody_knows_starts_nothing(desk, person, browse):
    client = browse(person("ada", "administrator"))
    assert client.post("/countries/ZZZ/research/").status_code == 404
    assert not ResearchRun.objects.exists()
