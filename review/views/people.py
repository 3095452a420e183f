"""People: list, roles, assignments, removing a name; and the page on personal data.

Belongs here: an administrator's pages. Does not belong here: one's own account (`signing_in`).
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_otp.plugins.otp_totp.models import TOTPDevice

from review.desk import desk_settings
from review.models import Person
from review.models.people import Role
from review.services import people as acts
from review.services.auditing import write_audit
from review.views.pages import show, signed_in, tell
from sources.country_files import UnknownCountryError, load_country


class PersonalField(NamedTuple):
    """One personal field that the desk keeps."""

    field: str
    where: str
    purpose: str
    period: str


PERSONAL_FIELDS = (
    PersonalField("Sign-in name", "Person", "To sign in", "Until the name is removed"),
    PersonalField("Name", "Person", "To show colleagues who works on what", "Until the name is removed"),
    PersonalField("Role, countries", "Person, Assignment", "Rights and tasks", "Until the name is removed"),
    PersonalField("Password (scrypt hash)", "Person", "To sign in", "Until it is changed or the name is removed"),
    PersonalField("Second factor's secret", "TOTP device", "To sign in", "Until the device or the name is removed"),
    PersonalField("Random id", "Decisions, comments, audit", "To explain a decision later", "As long as the record"),
    PersonalField("Text of comments and reasons", "Comments, decisions", "The record", "As long as the record"),
    PersonalField(
        "Uploaded files and texts, and what was read in them",
        "Evidence requests, readings, quotes",
        "Proof of answers",
        "As long as the record",
    ),
    PersonalField("Session", "Sessions", "To stay signed in", "At most {hours} hours (GCIDESK_SESSION_HOURS)"),
    PersonalField(
        "Sign-in name, network address and browser of failed attempts",
        "Access attempts",
        "To lock out guessing",
        "Until the next success",
    ),
)


def people(request: HttpRequest) -> HttpResponse:
    """List people, and make a person with a first password that the person changes."""
    fault, entered = "", {"username": "", "name": "", "role": "reviewer"}
    if request.method == "POST":
        entered = {key: request.POST.get(key, "").strip()[:150] for key in entered}
        fault = _add(request, entered)
        if not fault:
            return redirect("people")
    rows = Person.objects.prefetch_related("assignments").order_by("name_removed_at", "username")
    return show(
        request, "people", status=422 if fault else 200, rows=rows, roles=list(Role), fault=fault, entered=entered
    )


def _add(request: HttpRequest, entered: dict[str, str]) -> str:
    password = request.POST.get("password", "")[:1000]
    if not entered["username"] or entered["role"] not in Role.values:
        return "A sign-in name and a role are needed."
    if Person.objects.filter(username=entered["username"]).exists():
        return f"{entered['username']} is taken."
    try:
        validate_password(password)
    except ValidationError as error:
        return " ".join(error.messages)
    acts.add_person(
        entered["username"], Role(entered["role"]), name=entered["name"], password=password, by=signed_in(request)
    )
    tell(request, f"{entered['username']} was added.")
    return ""


def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Change a person's role and countries, keep them out, remove their device or their name."""
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise Http404("no such person")
    if request.method == "POST":
        fault = _act(request, found)
        tell(request, fault or "Done.", fault=bool(fault))
        return redirect("person", person_id=person_id)
    return show(
        request,
        "person",
        person=found,
        roles=list(Role),
        countries=sorted(found.assignments.values_list("country", flat=True)),
        has_device=TOTPDevice.objects.filter(user=found, confirmed=True).exists(),
    )


def _act(request: HttpRequest, found: Person) -> str:
    """Do what the button says; returns what went wrong, or an empty text."""
    by, act = signed_in(request), request.POST.get("act", "")
    if found.id == by.id and act in {"role", "keep_out", "remove_name"}:
        return "You cannot do this to yourself; ask another administrator."
    if act == "role" and request.POST.get("role") in Role.values:
        acts.change_role(found, Role(request.POST["role"]), by)
    elif act == "assign":
        return _assign(request, found, by)
    elif act == "unassign":
        acts.unassign(found, request.POST.get("country", "")[:3], by)
    elif act in {"keep_out", "let_in"}:
        acts.set_active(found, act == "let_in", by)
    elif act == "remove_device":
        TOTPDevice.objects.filter(user=found).delete()
        acts.end_sessions(found)
        write_audit("second_factor_removed", by=by, subject=found.id)
    elif act == "remove_name" and request.POST.get("sure") == "yes":
        acts.remove_name(found, by)
    else:
        return "Choose what to do."
    return ""


def _assign(request: HttpRequest, found: Person, by: Person) -> str:
    codes = request.POST.get("country", "").upper().replace(",", " ").split()[:60]
    for code in codes:
        try:
            load_country(code)
        except UnknownCountryError as error:
            return str(error)
    for code in codes:
        acts.assign(found, code, by)
    return "" if codes else "Name a country."


def personal_data(request: HttpRequest) -> HttpResponse:
    """List the personal fields with purpose and period."""
    hours = desk_settings().session_hours
    fields = [field._replace(period=field.period.format(hours=hours)) for field in PERSONAL_FIELDS]
    return show(request, "personal_data", fields=fields)
