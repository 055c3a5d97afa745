"""A practice's office: it puts what an EHR holds, bills visits and mends them, through the public HTTP API alone.

Facts are everything about one visit, by kind; `hand_over` puts what differs from what was put before.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from services.cli.demo.ehr import Ehr

Facts = Mapping[str, Any]
Claim = Mapping[str, Any]
ROUTES = {
    "practice": ("claims", "/v1/practice"),
    "therapist": ("claims", "/v1/therapists/thr_1"),
    "other_therapist": ("claims", "/v1/therapists/thr_2"),
    "fees": ("claims", "/v1/fee-schedules/fees_1"),
    "patient": ("eligibility", "/v1/patients/pat_1"),
    "payer": ("eligibility", "/v1/payers/pay_1"),
    "coverage": ("eligibility", "/v1/coverages/cov_1"),
    "other_payer": ("eligibility", "/v1/payers/pay_2"),
    "other_coverage": ("eligibility", "/v1/coverages/cov_2"),
    "other_patient": ("eligibility", "/v1/patients/pat_3"),
    "other_patients_coverage": ("eligibility", "/v1/coverages/cov_3"),
}
"""One thing of each of these kinds, in the order in which they refer to each other."""
SEVERAL = {"referrals": "/v1/referrals", "authorizations": "/v1/authorizations"}
"""Any number of these, by id."""
SIGNERS = {
    "therapist": {"id": "thr_1", "name": "Ingrid Solberg", "role": "therapist"},
}
LICENSE = {"kind": "LMT", "state": "WA", "number": "MA60417722", "effective_from": "2000-01-01"}
_OUR_ID = re.compile(r"\b(thr|pat|pay|cov|ref|auth|note)_(\d+)\b")
"""Ids that callers make; those of claims are the service's."""
NPI = "1487302659"
"""The billing provider's, in the facts that all cases begin with."""
BILLER = {"id": "usr_biller", "name": "Bettina Crane", "role": "biller"}


def merged(facts: Facts, change: Facts) -> dict[str, Any]:
    """`facts` with `change` laid over them; objects are merged member by member, all else takes the place."""
    result = dict(facts)
    for name, value in change.items():
        old = result.get(name)
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        result[name] = merged(old, value) if both else value
    return result


class Office:
    """It remembers what it has put, the claims it made, and the visit in hand.

    Several offices may share an organization: `tag` makes the ids of patients, therapists, payers ... their own. `npi`
    takes the place of the NPI that the facts of all cases begin with.
    """

    def __init__(self, ehr: Ehr, tag: str, npi: str) -> None:
        self._ehr = ehr
        self._tag = tag
        self._npi = npi
        self._was_put: dict[tuple[str, str], Any] = {}
        self._signed: dict[str, str] = {}
        self._numbers = count(1)
        self._asked_for = ""
        self._note_id = ""
        self.claims: list[str] = []
        self.facts: Facts = {}

    def bill(self, facts: Facts) -> Claim:
        """Hand over the facts, write and sign the note, make the claim."""
        self.facts = facts
        self.hand_over()
        self._note_id = f"note_{next(self._numbers)}"
        self._write_and_sign()
        body = {"note_id": self._note_id, "coverage_id": facts["billed_to"], "actor": BILLER, **facts["claim"]}
        claim: Claim = self._post("claims", "/v1/claims", body)
        self.claims.append(claim["id"])
        return claim

    def change(self, change: Facts) -> Claim:
        """Do what changes the facts so: put, sign, ask the payer, and refresh the claim.

        A note that is signed never changes: the claim is voided and the visit is billed anew of a new note.
        """
        before, self.facts = self.facts, merged(self.facts, change)
        if before["note"] != self.facts["note"] and self._note_id in self._signed:
            self.void(self.claims.pop())
            return self.bill(self.facts)
        self.hand_over()
        self._write_and_sign()
        return self.refresh(
            {name: value for name, value in self.facts["claim"].items() if name in change.get("claim", {})}
        )

    def hand_over(self) -> None:
        """Put everything that differs from what was put before; ask the payer where the facts say so."""
        for service, path, body in self._things():
            if self._was_put.get((service, path)) != body:
                self._put(service, path, body)
                self._was_put[service, path] = body
        member_id = self.facts["coverage"]["member_id"]
        if self.facts["asked"] and self._asked_for != member_id:
            practice = self.facts["practice"]
            body = {"coverage_id": "cov_1", "provider_npi": practice["npi"], "provider_name": practice["name"]}
            check = self._post("eligibility", "/v1/eligibility-checks", body)
            assert check["status"] == "answered", check
            self._asked_for = member_id

    def refresh(self, options: Facts) -> Claim:
        return self._act(self.claims[-1], "refresh", options)

    def submit(self) -> Claim:
        return self._act(self.claims[-1], "submit")

    def void(self, claim_id: str) -> Claim:
        return self._act(claim_id, "void")

    def override(self, rule_code: str, pointer: str) -> Claim:
        reason = "Asked the payer on the telephone; the answer is in the patient's record."
        body = {"rule_code": rule_code, "pointer": pointer, "reason": reason, "actor": BILLER}
        return self._post("claims", f"/v1/claims/{self.claims[-1]}/overrides", body)

    def _things(self) -> Iterator[tuple[str, str, Any]]:
        for kind, (service, path) in ROUTES.items():
            if self.facts.get(kind) is not None:
                body = self.facts[kind]
                yield service, path, body | {"npi": self._npi} if body.get("npi") == NPI else body
        for kind, route in SEVERAL.items():
            for thing_id, body in self.facts[kind].items():
                yield "eligibility", f"{route}/{thing_id}", body

    def _write_and_sign(self) -> None:
        note_id, signer = self._note_id, self.facts["signed_by"]
        if note_id not in self._signed:
            self._put("notes", f"/v1/notes/{note_id}", {**self.facts["note"], "actor": SIGNERS["therapist"]})
        if signer is not None and self._signed.get(note_id) != signer:
            therapist_id = self.facts["note"]["therapist_id"]
            body = {"therapist_id": therapist_id, "license": LICENSE, "actor": SIGNERS[signer]}
            self._post("notes", f"/v1/notes/{note_id}/sign", body)
            self._signed[note_id] = signer

    def _act(self, claim_id: str, act: str, more: Facts | None = None) -> Claim:
        return self._post("claims", f"/v1/claims/{claim_id}/{act}", {"actor": BILLER, **(more or {})})

    def _put(self, service: str, path: str, body: Facts) -> None:
        self._ehr.put(service, self._own_ids(path), self._own(body))

    def _post(self, service: str, path: str, body: Facts) -> Any:
        return self._ehr.post(
            service, self._own_ids(path), self._own(body), f"office-{self._tag}-{next(self._numbers)}"
        )

    def _own(self, value: Any) -> Any:
        """The same with this office's own ids."""
        if isinstance(value, Mapping):
            return {name: self._own(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self._own(member) for member in value]
        return self._own_ids(value) if isinstance(value, str) else value

    def _own_ids(self, text: str) -> str:
        return _OUR_ID.sub(rf"\1_{self._tag}_\2", text)
