"""Who may do what: the roles of persons, and what each of them may do. All services ask here and nowhere else.

A role reads by scopes and acts by permissions. A person's token has the scopes of her roles, as far as her client has
them, and each route that writes names the one permission that it takes (`shared.web.persons.permitted`). The table
holds for persons that an API client vouches for too. `docs/operating.md` shows it, and a test holds that page to it.
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a practice; one person may have several."""

    THERAPIST = "therapist"
    BILLER = "biller"
    FRONT_DESK = "front_desk"
    AUDITOR = "auditor"
    PRIVACY_OFFICIAL = "privacy_official"
    """Who answers for patients' rights in their records (45 CFR 164.530(a)(1)): gives copies, and keeps evidence. Apart
    from the auditor, who changes nothing and gives nothing away, and from those who write and bill records, who may be
    the ones that a dispute is about."""
    INTEGRATION = "integration"
    """What an EHR does by itself in somebody's name: hand over, prepare and submit, but decide nothing."""


class Permission(StrEnum):
    """An act that not every role may do."""

    WRITE_NOTES = "write_notes"
    SIGN_NOTES = "sign_notes"
    RECORD_COVERAGES = "record_coverages"
    CHECK_ELIGIBILITY = "check_eligibility"
    SET_UP_BILLING = "set_up_billing"
    PREPARE_CLAIMS = "prepare_claims"
    SUBMIT_CLAIMS = "submit_claims"
    WORK_ON_CLAIMS = "work_on_claims"
    VOID_CLAIMS = "void_claims"
    ENTER_MONEY = "enter_money"
    OVERRIDE_FINDINGS = "override_findings"
    RELEASE_MESSAGES = "release_messages"
    POST_PAYMENTS = "post_payments"
    EXPORT_RECORDS = "export_records"
    HOLD_RECORDS = "hold_records"
    WRITE_RULES = "write_rules"


P = Permission
MEANINGS: dict[Permission, str] = {
    P.WRITE_NOTES: "put notes",
    P.SIGN_NOTES: "sign notes, with a license in force",
    P.RECORD_COVERAGES: "put patients, coverages, referrals, authorizations",
    P.CHECK_ELIGIBILITY: "ask payers",
    P.SET_UP_BILLING: "put practice, therapists, payers, fees",
    P.PREPARE_CLAIMS: "make and refresh claims",
    P.SUBMIT_CLAIMS: "submit claims",
    P.WORK_ON_CLAIMS: "do, put off and assign next actions, note something about a claim",
    P.VOID_CLAIMS: "void claims",
    P.ENTER_MONEY: "enter patients' payments, refunds, write-offs and transfers, and bill patients",
    P.OVERRIDE_FINDINGS: "override findings",
    P.RELEASE_MESSAGES: "release and retry messages, which posts money",
    P.POST_PAYMENTS: "upload and type remittances, decide about their payments, enter deposits",
    P.EXPORT_RECORDS: "export a patient's record, for the patient",
    P.HOLD_RECORDS: "place, read and release legal holds",
    P.WRITE_RULES: "write rules of the practice, put them into force and end them",
}
DECISIONS = frozenset(
    {
        P.SIGN_NOTES,
        P.VOID_CLAIMS,
        P.ENTER_MONEY,
        P.OVERRIDE_FINDINGS,
        P.RELEASE_MESSAGES,
        P.POST_PAYMENTS,
        P.WRITE_RULES,
    }
)
"""What an organization may want a person's own token for."""
_HAND_OVER = frozenset({P.RECORD_COVERAGES, P.CHECK_ELIGIBILITY})
_KEEP_RECORDS = frozenset({P.EXPORT_RECORDS, P.HOLD_RECORDS})
MAY: dict[Role, frozenset[Permission]] = {
    Role.THERAPIST: frozenset({P.WRITE_NOTES, P.SIGN_NOTES, P.CHECK_ELIGIBILITY}),
    Role.BILLER: frozenset(P) - {P.WRITE_NOTES, P.SIGN_NOTES} - _KEEP_RECORDS,
    Role.FRONT_DESK: _HAND_OVER,
    Role.AUDITOR: frozenset(),
    Role.PRIVACY_OFFICIAL: _KEEP_RECORDS,
    Role.INTEGRATION: _HAND_OVER | {P.WRITE_NOTES, P.SET_UP_BILLING, P.PREPARE_CLAIMS, P.SUBMIT_CLAIMS},
}
PATIENT_DATA = frozenset({"notes:read", "eligibility:read", "claims:read"})
"""What emergency access opens: reading, and nothing else."""
EMERGENCY = frozenset({Role.THERAPIST, Role.BILLER, Role.FRONT_DESK})
"""Who may ask for it: whoever works with patients."""
READS: dict[Role, frozenset[str]] = {
    Role.THERAPIST: PATIENT_DATA,
    Role.BILLER: PATIENT_DATA,
    Role.FRONT_DESK: frozenset({"eligibility:read", "claims:read"}),
    Role.AUDITOR: PATIENT_DATA | {"audit:read"},
    Role.PRIVACY_OFFICIAL: PATIENT_DATA | {"audit:read"},
    Role.INTEGRATION: PATIENT_DATA,
}
SCOPES: dict[Permission, frozenset[str]] = {
    P.WRITE_NOTES: frozenset({"notes:write"}),
    P.SIGN_NOTES: frozenset({"notes:write"}),
    P.RECORD_COVERAGES: frozenset({"eligibility:write"}),
    P.CHECK_ELIGIBILITY: frozenset({"eligibility:write"}),
    P.SET_UP_BILLING: frozenset({"eligibility:write", "claims:write"}),
    P.PREPARE_CLAIMS: frozenset({"claims:write"}),
    P.SUBMIT_CLAIMS: frozenset({"claims:write"}),
    P.WORK_ON_CLAIMS: frozenset({"claims:write"}),
    P.VOID_CLAIMS: frozenset({"claims:write"}),
    P.ENTER_MONEY: frozenset({"claims:write"}),
    P.OVERRIDE_FINDINGS: frozenset({"claims:write"}),
    P.RELEASE_MESSAGES: frozenset({"claims:write"}),
    P.POST_PAYMENTS: frozenset({"claims:write"}),
    P.EXPORT_RECORDS: frozenset({"records:export"}),
    P.HOLD_RECORDS: frozenset({"records:hold"}),
    P.WRITE_RULES: frozenset({"claims:write"}),
}


def scopes_of(roles: Iterable[Role]) -> frozenset[str]:
    """The scopes that these roles need for all that they may read and do."""
    found: set[str] = set()
    for role in roles:
        found |= READS[role]
        found |= {scope for permission in MAY[role] for scope in SCOPES[permission]}
    return frozenset(found)


def may(role: str, permission: Permission) -> bool:
    """Whether a role may do that; what is no role may do nothing."""
    return role in MAY and permission in MAY[Role(role)]


def roles_with(permission: Permission) -> list[Role]:
    """The roles that may do that, in the order of the table."""
    return [role for role in Role if permission in MAY[role]]
