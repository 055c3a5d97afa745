"""Which files are the practice's own: those of its tax id and its billing NPIs, which most of the claims name.

A directory that was copied from an old system may hold a colleague's files. They are left out and named; so is a file
that is there twice, whatever its name.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from services.claims.domain.histories.past_records import FileProblem, PaidClaim, PastFile, SentClaim
from shared.plural import counted


@dataclass(frozen=True, slots=True)
class Practice:
    """By what a practice's own claims and payments are known."""

    npis: frozenset[str]
    tax_ids: frozenset[str]

    def sends(self, one: SentClaim) -> bool:
        """Whether it has sent the claim."""
        return one.billing_npi in self.npis or one.billing.tax_id in self.tax_ids

    def is_paid_by(self, paid: PaidClaim) -> bool:
        """Whether it is the payee: a remittance that names none by a number is taken as its own."""
        payee = paid.remittance.header.payee
        named = {payee.id, payee.reference("TJ"), payee.reference("PQ")} - {""}
        return not named or bool(named & (self.npis | self.tax_ids))


def practice_of(files: Iterable[PastFile], npis: Iterable[str] = ()) -> Practice:
    """The practice of the given NPIs; without any the one whose tax id most claims name, with all NPIs under it, or, in
    files without a claim, the payee of most payments."""
    claims = [one for file in files for one in file.claims]
    given = frozenset(npis)
    if given:
        return Practice(given, frozenset(one.billing.tax_id for one in claims if one.billing_npi in given) - {""})
    if not claims:
        payees = Counter(paid.remittance.header.payee.id for file in files for paid in file.payments)
        return Practice(frozenset(npi for npi, _ in payees.most_common(1)), frozenset())
    tax_id = Counter(one.billing.tax_id for one in claims).most_common(1)[0][0]
    npis_of_it = frozenset(one.billing_npi for one in claims if one.billing.tax_id == tax_id) - {""}
    return Practice(npis_of_it, frozenset({tax_id} - {""}))


def own_files(files: Iterable[PastFile], npis: Iterable[str] = ()) -> list[PastFile]:
    """The files, in order of their names, each without what is there twice and what is another practice's."""
    once = _once(sorted(files, key=lambda file: file.name))
    practice = practice_of(once, npis)
    return [_without_others(file, practice) for file in once]


def _once(files: Iterable[PastFile]) -> list[PastFile]:
    seen: dict[str, str] = {}
    found = []
    for file in files:
        first = seen.setdefault(file.digest, file.name) if file.digest and file.size_bytes else file.name
        same = first != file.name
        twice = FileProblem("file_twice", f"It is the same as {first}; it was read once.")
        left_out = PastFile(file.name, file.digest, file.size_bytes, file.kinds, problems=[twice])
        found.append(left_out if same else file)
    return found


def _without_others(file: PastFile, practice: Practice) -> PastFile:
    claims = [one for one in file.claims if not practice.sends(one)]
    payments = [paid for paid in file.payments if not practice.is_paid_by(paid)]
    if not claims and not payments:
        return file
    said = " and ".join(counted(len(each), word) for each, word in ((claims, "claim"), (payments, "payment")) if each)
    problem = FileProblem("other_practice", f"{said} of another practice (NPI or tax id) left out.")
    theirs = {paid.remittance.digest for paid in payments}
    return PastFile(
        name=file.name,
        digest=file.digest,
        size_bytes=file.size_bytes,
        kinds=file.kinds,
        claims=[one for one in file.claims if practice.sends(one)],
        remittances=[one for one in file.remittances if one.digest not in theirs],
        payments=[paid for paid in file.payments if practice.is_paid_by(paid)],
        answers=file.answers,
        refusals=file.refusals,
        problems=[*file.problems, problem],
    )
