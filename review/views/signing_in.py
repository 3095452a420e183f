"""Signing in and out, the second factor, and one's own account.

Belongs here: the pages by which a session begins and ends. Does not belong here: limits of sessions
(`review.site.middleware`).
"""

from __future__ import annotations

import io

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from review.desk import desk_settings
from review.models import Person
from review.services.auditing import write_audit
from review.services.keeping import KEPT
from review.services.people import end_sessions, use_local_link
from review.services.visibility import see_questions_to
from review.site.middleware import BY_LINK, needs_second_factor
from review.views.pages import show, signed_in, tell
from review.views.problems import refused, show_problem

NEXT = "go_on_to"
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def health(request: HttpRequest) -> HttpResponse:
    """Say that the site answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Return an address of this site to go on to; anything else becomes the desk."""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return "/"


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; five failures lock for a quarter of an hour."""
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    kept = KEPT in request.session
    if request.method == "GET":
        return show(request, "sign_in", next=wanted, fault="", username="", kept=kept)
    username = request.POST.get("username", "")[:150]
    person = authenticate(request, username=username, password=request.POST.get("password", "")[:1000])
    if getattr(request, "axes_locked_out", False):
        return show_problem(
            request, 429, "Too many attempts", "Signing in is locked for 15 minutes after five failures."
        )
    if not isinstance(person, Person):
        fault = "Name and password do not fit."
        return show(request, "sign_in", status=403, next=wanted, fault=fault, username=username, kept=kept)
    _begin(request, person)
    request.session[NEXT] = wanted
    return redirect("second_factor") if desk_settings().require_totp else _go_on(request)


def _begin(request: HttpRequest, person: Person, *, by_link: bool = False) -> None:
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    if by_link:
        request.session[BY_LINK] = True
    request.session.save()
    end_sessions(person, keep=desk_settings().sessions_per_person - 1, but=request.session.session_key)
    write_audit("signed_in", by=person, new={"by": "local link" if by_link else "password"})


def _go_on(request: HttpRequest) -> HttpResponse:
    return redirect(safe_next(request, request.session.pop(NEXT, "/")))


def local_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign a person in once, on this machine only; the address of a proxy is not this machine."""
    here = request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
    person = use_local_link(token) if here else None
    if person is None:
        return refused(request, PermissionError("This link was used, is too old, or was opened on another machine."))
    _begin(request, person, by_link=True)
    return redirect("desk")


def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the person's device; without a device the person is led to enrol one."""
    person = signed_in(request)
    device = TOTPDevice.objects.filter(user=person, confirmed=True).first()
    if device is None:
        return redirect("enrol")
    if request.method == "POST":
        if device.verify_token(request.POST.get("code", "").strip()[:10]):
            otp_login(request, device)
            return _go_on(request)
        return show(request, "second_factor", status=403, fault="This code does not fit. Wait for the next one.")
    return show(request, "second_factor", fault="")


def enrol(request: HttpRequest) -> HttpResponse:
    """Show a new device's secret as a picture and letters, and confirm it by a code."""
    person = signed_in(request)
    if TOTPDevice.objects.filter(user=person, confirmed=True).exists():
        if needs_second_factor(request):
            return redirect("second_factor")
        return show_problem(request, 403, "A device is enrolled", "Ask an administrator to remove it first.")
    device, _ = TOTPDevice.objects.get_or_create(user=person, confirmed=False, defaults={"name": "authenticator"})
    fault = ""
    if request.method == "POST":
        if device.verify_token(request.POST.get("code", "").strip()[:10]):
            device.confirmed = True
            device.save()
            otp_login(request, device)
            write_audit("second_factor_enrolled", by=person)
            return _go_on(request)
        fault = "This code does not fit. Wait for the next one."
    return show(request, "enrol", status=403 if fault else 200, fault=fault, secret=_secret(device), path=_qr(device))


def _secret(device: TOTPDevice) -> str:
    from base64 import b32encode

    letters = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def _qr(device: TOTPDevice) -> tuple[str, int]:
    """Return the path of an SVG picture and its width in modules; the page draws it without markup from elsewhere."""
    code = qrcode.QRCode(border=2)
    code.add_data(device.config_url)
    code.make(fit=True)
    rows = code.get_matrix()
    path = io.StringIO()
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                path.write(f"M{x} {y}h1v1h-1z")
    return path.getvalue(), len(rows)


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign_in")


@sensitive_post_parameters("old", "new")
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account; change the password, end other sessions."""
    person = signed_in(request)
    if request.method == "POST" and request.POST.get("act") == "end_sessions":
        ended = end_sessions(person, but=request.session.session_key)
        tell(request, f"{ended} other session{'s' if ended != 1 else ''} ended.")
        return redirect("account")
    fault = ""
    if request.method == "POST":
        fault = _change_password(request, person)
        if not fault:
            tell(request, "The password was changed; other sessions ended.")
            return redirect("account")
    device = TOTPDevice.objects.filter(user=person, confirmed=True).exists()
    return show(
        request,
        "account",
        status=400 if fault else 200,
        fault=fault,
        has_device=device,
        asked=see_questions_to(person),
        countries=sorted(person.assignments.values_list("country", flat=True)),
        hours=settings.SESSION_COOKIE_AGE // 3600,
        idle=desk_settings().session_idle_minutes,
    )


def _change_password(request: HttpRequest, person: Person) -> str:
    old, new = request.POST.get("old", "")[:1000], request.POST.get("new", "")[:1000]
    if person.has_usable_password() and not person.check_password(old):
        return "The present password does not fit."
    try:
        validate_password(new, person)
    except ValidationError as error:
        return " ".join(error.messages)
    person.set_password(new)
    person.save()
    update_session_auth_hash(request, person)
    end_sessions(person, but=request.session.session_key)
    write_audit("password_changed", by=person)
    return ""
