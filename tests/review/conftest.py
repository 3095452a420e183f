"""A desk with invented countries and people of every role, and browsers for them."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client

from store.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"


def _load(name: str) -> ModuleType:
    """Return `benchmarks/<name>.py`, which is a script and no package."""
    path = ROOT / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    """The builder of invented countries."""
    return _load("synthetic_desk")


@pytest.fixture
def desk(tmp_path: Path, settings: Any) -> Settings:
    """Settings of a fresh data directory, used by the site; no second factor unless a test asks for it."""
    made = Settings(data_dir=tmp_path / "data", require_totp=False, requests_per_minute=100_000)
    made.data_dir.mkdir(mode=0o700)
    settings.DESK = made
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return made


@pytest.fixture(scope="session")
def fiji_files(synthetic: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lake, archive and readings of Fiji, built once."""
    made = Settings(data_dir=tmp_path_factory.mktemp("fiji"))
    synthetic.build_country(made, synthetic.Plan(iso3="FJI"))
    return made.data_dir


@pytest.fixture
def fiji(desk: Settings, fiji_files: Path, db: None) -> Settings:
    """A desk on which Fiji is drafted: 84 questions, 56 with two pieces of evidence each."""
    from review.services import record_draft

    shutil.copytree(fiji_files, desk.data_dir, dirs_exist_ok=True)
    record_draft("FJI")
    return desk


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """Make a person with a role, assigned to Fiji unless told otherwise."""
    from review.models import Person
    from review.services.people import assign

    def make(name: str, role: str = "reviewer", countries: tuple[str, ...] = ("FJI",)) -> Person:
        made = Person.objects.create_person(name, role, name=name.title(), password=PASSWORD)
        for country in countries:
            assign(made, country, "test")
        return made

    return make


@pytest.fixture
def browse() -> Callable[..., Client]:
    """A client in which a person is signed in; forms need their token as in life."""

    def make(person: Any, *, csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def accept() -> Callable[..., Any]:
    """Put a person's review on record as the page would: by default the draft's answer."""
    from review.lake_view import lake_view
    from review.services.decisions import Verdict, decide, sheet_of, standing_of

    def act(person: Any, code: str, answer: str = "", country: str = "FJI", **more: Any) -> Any:
        sheet = sheet_of(lake_view(), country, code)
        own = standing_of(country, code).review_of(person.id)
        return decide(
            person,
            country,
            code,
            Verdict(
                answer=answer or sheet.draft.answer,
                why=more.pop("why", "for a reason that is long enough"),
                seen_mark=sheet.mark,
                seen_own=str(own.id) if own else "",
                **more,
            ),
        )

    return act


@pytest.fixture(autouse=True)
def _no_research(monkeypatch: pytest.MonkeyPatch) -> None:
    """Research that a page starts is a program that ends at once; `test_research` says what runs instead."""
    monkeypatch.setattr("review.services.research.command_of", lambda country: ["true"])


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    from django.core.cache import cache

    cache.clear()
    yield


@pytest.fixture(scope="session", autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    """End the process that draws pages; it lives as long as a site does."""
    yield
    drawing = sys.modules.get("review.services.archived_pages")
    if drawing is not None and drawing._pool.cache_info().currsize:
        drawing._pool().close()
