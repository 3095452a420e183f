"""Every address of the site. Who may use which stands in `rights`, by the same names."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path, register_converter

from review.views import (
    adjudication,
    audit,
    bulk,
    countries,
    dagster,
    desk,
    exports,
    people,
    questions,
    research,
    signing_in,
    sources,
)


class CountryCode:
    """Three capital letters."""

    regex = "[A-Z]{3}"

    def to_python(self, value: str) -> str:
        """Return the code as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it is."""
        return value


class QuestionCode(CountryCode):
    """A question's code, such as L.1.1."""

    regex = r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}"


class Digest(CountryCode):
    """A SHA-256."""

    regex = "[0-9a-f]{64}"


class Token(CountryCode):
    """A one-time token."""

    regex = r"[A-Za-z0-9_\-]{20,80}"


register_converter(CountryCode, "iso3")
register_converter(QuestionCode, "code")
register_converter(Digest, "digest")
register_converter(Token, "token")

_COUNTRY = "countries/<iso3:iso3>/"
_QUESTION = f"{_COUNTRY}questions/<code:code>/"
_SOURCE = f"{_COUNTRY}sources/<digest:digest>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", signing_in.health, name="health"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/link/<token:token>/", signing_in.local_link, name="local_link"),
    path("sign-in/code/", signing_in.second_factor, name="second_factor"),
    path("sign-in/device/", signing_in.enrol, name="enrol"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("account/", signing_in.account, name="account"),
    path("", desk.desk, name="desk"),
    path(_COUNTRY, countries.country, name="country"),
    path(f"{_COUNTRY}search/", countries.search, name="search"),
    path(f"{_COUNTRY}documents/", countries.documents, name="documents"),
    path(f"{_COUNTRY}changes/", countries.changes, name="changes"),
    path(f"{_COUNTRY}file/", countries.move_file, name="move_file"),
    path(f"{_COUNTRY}bulk/", bulk.bulk, name="bulk"),
    path(f"{_COUNTRY}audit/", audit.audit, name="audit"),
    path(f"{_COUNTRY}audit.jsonl", audit.audit_lines_file, name="audit_lines"),
    re_path(r"^countries/(?P<iso3>[A-Z]{3})/export\.(?P<form>xlsx|json)$", exports.export, name="export"),
    path(f"{_COUNTRY}research/", research.research, name="research"),
    path(f"{_COUNTRY}research/progress/", research.research_progress, name="research_progress"),
    path(f"{_COUNTRY}research/cancel/", research.research_cancel, name="research_cancel"),
    path(_QUESTION, questions.question, name="question"),
    path(f"{_QUESTION}decide/", questions.decide, name="decide"),
    path(f"{_QUESTION}comment/", questions.comment, name="comment"),
    path(f"{_QUESTION}evidence/", questions.request_evidence, name="request_evidence"),
    path(f"{_QUESTION}adjudicate/", adjudication.adjudicate, name="adjudicate"),
    path(f"{_QUESTION}reopen/", questions.reopen, name="reopen"),
    path(_SOURCE, sources.source, name="source"),
    path(f"{_SOURCE}page/", sources.archived_page, name="archived_page"),
    path(f"{_SOURCE}original/", sources.archived_original, name="archived_original"),
    path("agreement/", adjudication.agreement, name="agreement"),
    path("people/", people.people, name="people"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("personal-data/", people.personal_data, name="personal_data"),
    re_path(r"^dagster(?:/(?P<path>.*))?$", dagster.dagster, name="dagster"),
]

handler400 = "review.views.problems.bad_request"
handler403 = "review.views.problems.refused"
handler404 = "review.views.problems.not_found"
handler500 = "review.views.problems.failed"
