"""Who may do what: the one map from addresses to roles.

Belongs here: a line an address and method. An address that is not listed is refused to everybody; a test walks all
addresses, methods and roles. Does not belong here: rules about the content, such as blindness (`review.services`).
"""

from __future__ import annotations

from dataclasses import dataclass

from review.models.people import Person, Role

ALL = frozenset(Role.values)
LEADS = frozenset({Role.ADMINISTRATOR.value, Role.COORDINATOR.value})
COORDINATORS = frozenset({Role.COORDINATOR.value})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR.value})
REVIEWERS = frozenset({Role.REVIEWER.value})
WRITERS = frozenset({Role.COORDINATOR.value, Role.REVIEWER.value})


@dataclass(frozen=True)
class Rule:
    """Roles that may use one method of one address."""

    roles: frozenset[str] = frozenset()
    public: bool = False
    """Whether it is open without signing in."""
    half: bool = False
    """Whether it is open to somebody whose second factor is still to come."""
    assigned: bool = False
    """Whether reviewers and coordinators must be assigned to the country."""


PUBLIC = Rule(public=True)
HALF = Rule(roles=ALL, half=True)
SEE = Rule(roles=ALL)
LEAD = Rule(roles=LEADS)
DECIDE = Rule(roles=REVIEWERS, assigned=True)
WRITE = Rule(roles=WRITERS, assigned=True)
COORDINATE = Rule(roles=COORDINATORS, assigned=True)
RESEARCH = Rule(roles=LEADS | REVIEWERS, assigned=True)
ADMINISTER = Rule(roles=ADMINISTRATORS)

RIGHTS: dict[str, dict[str, Rule]] = {
    "health": {"GET": PUBLIC},
    "sign_in": {"GET": PUBLIC, "POST": PUBLIC},
    "local_link": {"GET": PUBLIC},
    "second_factor": {"GET": HALF, "POST": HALF},
    "enrol": {"GET": HALF, "POST": HALF},
    "sign_out": {"POST": HALF},
    "desk": {"GET": SEE},
    "country": {"GET": SEE},
    "search": {"GET": SEE},
    "documents": {"GET": SEE},
    "question": {"GET": SEE},
    "decide": {"POST": DECIDE},
    "comment": {"POST": WRITE},
    "request_evidence": {"POST": WRITE},
    "bulk": {"GET": DECIDE, "POST": DECIDE},
    "changes": {"GET": SEE, "POST": COORDINATE},
    "adjudicate": {"GET": COORDINATE, "POST": COORDINATE},
    "reopen": {"POST": COORDINATE},
    "move_file": {"POST": COORDINATE},
    "research": {"POST": RESEARCH},
    "research_progress": {"GET": SEE},
    "research_cancel": {"POST": RESEARCH},
    "source": {"GET": SEE},
    "archived_page": {"GET": SEE},
    "archived_original": {"GET": SEE},
    "audit": {"GET": SEE},
    "audit_lines": {"GET": LEAD},
    "agreement": {"GET": LEAD},
    "export": {"GET": LEAD},
    "people": {"GET": ADMINISTER, "POST": ADMINISTER},
    "person": {"GET": ADMINISTER, "POST": ADMINISTER},
    "personal_data": {"GET": SEE},
    "account": {"GET": SEE, "POST": SEE},
    "dagster": {"GET": LEAD, "POST": LEAD},
}


def rule_for(name: str | None, method: str) -> Rule | None:
    """Return the rule of an address and method, or None when there is none: then nobody may."""
    wanted = "GET" if method == "HEAD" else method
    return RIGHTS.get(name or "", {}).get(wanted)


def may(person: Person, rule: Rule, country: str | None, assigned: frozenset[str]) -> bool:
    """Tell whether a person with these assigned countries may act by a rule, in a country where there is one."""
    if not person.is_active or person.role not in rule.roles:
        return False
    if rule.assigned and country and person.role in {Role.REVIEWER, Role.COORDINATOR}:
        return country in assigned
    return True
