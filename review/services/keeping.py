"""Keeping what a person wrote when the session ended before it was sent.

Belongs here: putting the text of a refused form aside in the anonymous session and giving it back to the same person
after signing in. Does not belong here: signing in.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

KEPT = "kept_form"
KEPT_PAGES = frozenset({"comment", "decide", "request_evidence", "adjudicate"})
KEPT_FIELDS = ("text", "why", "note", "answer", "address", "words", "stance")
LONGEST = 20_000

_signer = Signer(salt="review.kept-form")


def sign_author(person_id: object) -> str:
    """Return the mark that a form carries, so that its text is given back to nobody else."""
    return _signer.sign(str(person_id))


def keep_form(request: HttpRequest, page: str) -> None:
    """Put the text of a form aside when its author is known by the form's own mark."""
    if request.method != "POST" or page not in KEPT_PAGES:
        return
    try:
        author = _signer.unsign(request.POST.get("author", ""))
    except BadSignature:
        return
    fields = {name: request.POST[name][:LONGEST] for name in KEPT_FIELDS if request.POST.get(name)}
    if fields:
        request.session[KEPT] = {"author": author, "path": request.path, "page": page, "fields": fields}


def take_kept(request: HttpRequest, person_id: object, prefix: str) -> dict[str, str]:
    """Return the kept fields of this person below this path, once; an empty dictionary when there are none."""
    kept = request.session.get(KEPT)
    if not kept or kept["author"] != str(person_id) or not str(kept["path"]).startswith(prefix):
        return {}
    del request.session[KEPT]
    return {**kept["fields"], "page": kept["page"]}
