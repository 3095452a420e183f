"""What all pages share: filling a template, the person who asks, the country that is asked for.

Belongs here: these few functions. Does not belong here: any one page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.backends.utils import csrf_input

from review.models import Person
from sources.country_files import UnknownCountryError, load_country
from sources.schema import Country


def show(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Return a page; every page knows who asks."""
    given = {"me": who_asks(request), "form_token": csrf_input(request), **context}
    return render(request, f"review/{template}.html", given, status=status)


def who_asks(request: HttpRequest) -> Person | None:
    """Return the person who is signed in, or None."""
    return signed_in(request) if isinstance(request.user, Person) else None


def signed_in(request: HttpRequest) -> Person:
    """Return the person who is signed in; the rights let nobody else come here."""
    person: object = request.user
    while (inner := getattr(person, "_wrapped", None)) is not None:  # lazy shells cost more than the pages themselves
        person = inner
    assert isinstance(person, Person)
    return person


def country_of(iso3: str) -> Country:
    """Return a country; raises Http404 for a code that this desk does not know."""
    try:
        return load_country(iso3)
    except UnknownCountryError as error:
        raise Http404(str(error)) from error


def tell(request: HttpRequest, text: str, *, fault: bool = False) -> None:
    """Show a sentence on the next page."""
    (messages.error if fault else messages.success)(request, text)
