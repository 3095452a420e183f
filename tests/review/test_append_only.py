"""The database itself refuses to change what is on record."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from review.models import AuditEntry, Comment, Decision, FileStateChange
from review.models.append_only import AppendOnlyError
from review.services.auditing import write_audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(fiji, person, accept):
    """One row in each table of the record."""
    rita = person("rita")
    accept(rita, "L.1.1")
    Comment(country="FJI", question="L.1.1", person=rita, text="hm").save()


@pytest.mark.parametrize("model", [Decision, AuditEntry, Comment, FileStateChange])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET country = 'XXX'", "DELETE FROM {table}"])
def test_sql_is_refused(record, model, statement):
    assert model.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=model._meta.db_table))
    assert not model.objects.filter(country="XXX").exists()


@pytest.mark.parametrize("model", [Decision, AuditEntry, Comment, FileStateChange])
def test_the_models_refuse_too(record, model):
    row = model.objects.first()
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()


def test_postgres_refuses_truncate_too(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    write_audit("test", by="test")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE review_auditentry")


def test_sqlite_runs_in_wal_mode(tmp_path):
    from django.db.backends.sqlite3.base import DatabaseWrapper

    from review.site.database import database_config
    from store.settings import Settings

    config = database_config(Settings(data_dir=tmp_path))
    (tmp_path / "review").mkdir()
    defaults = {"ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None}
    wrapper = DatabaseWrapper({**defaults, **config}, alias="probe")
    with wrapper.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
    wrapper.close()
