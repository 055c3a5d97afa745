"""Many open claims in a short time: what benches of lists and of posting fill a database with.

A few claims are made by the product itself, and the rows of each are copied: another claim, number, patient and day of
service in the columns and in the document, sealed for its own place, with a MAC of its own that an audit entry names.
So each copy is read, changed and verified like any claim. What is fast is that a document is not encoded anew: its
bytes are cut once at what differs, and rows are inserted a thousand claims at a time.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel, select

from bench.claims_check import made, service
from services.claims.flows import Dependencies
from services.claims.flows.run_due import run_due
from services.claims.store.tables import ClaimNumberRow, ClaimRow, LedgerRow
from shared.database import Database, SealedText
from shared.database.row_macs import MAC, note_change, row_key, row_mac
from shared.database.sealing import VERSION, Sealed, place_of
from shared.database.tables import table_of
from shared.ids import Ids, random_ids
from tests.services.claims.factories import (
    BILLER,
    COVERAGE,
    FEES,
    THERAPIST,
    a_fee_schedule,
    a_practice,
    a_therapist,
)
from tests.services.claims.fake_clearinghouse import FakeClearinghouse, accepted

CLAIMS_A_TRANSACTION = 1_000
VISITS_A_PATIENT = 8
DAYS = 400
"""How far before its template's a copy's day of service may be; its other dates move with it."""
FIRST_NAMES = ("Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ines", "Jonas", "Kiri", "Lev")
SYLLABLES = ("ba", "do", "fe", "gu", "hi", "ka", "lo", "me", "nu", "pi", "ra", "so", "te", "va", "wo", "zu")
PREFIXES = {ClaimRow: "clm", LedgerRow: "led"}


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """What a copy is known by."""

    claim_id: str
    claim_number: str
    note_id: str
    coverage_id: str
    patient_id: str
    member_id: str
    first_name: str
    last_name: str
    date_of_service: date


def accepted_claim(deps: Dependencies) -> tuple[Dependencies, str]:
    """A practice with one claim that its payer has accepted, made through the API; its id, and what the flows run on
    from here, with a clearinghouse in memory."""
    clearinghouse = FakeClearinghouse()
    deps = replace(deps, clearinghouse=clearinghouse)
    claim = asyncio.run(_submitted(service(deps)))
    run_due(deps)
    clearinghouse.deliver(accepted(claim["claim_number"]))  # type: ignore[no-untyped-call]
    run_due(deps)
    return deps, str(claim["id"])


async def _submitted(app: Any) -> Any:
    await made(app, "PUT", "/v1/practice", a_practice())
    await made(app, "PUT", f"/v1/therapists/{THERAPIST}", a_therapist())
    await made(app, "PUT", f"/v1/fee-schedules/{FEES}", a_fee_schedule())
    claim = await made(app, "POST", "/v1/claims", {"note_id": "note_0000000", "coverage_id": COVERAGE, "actor": BILLER})
    return await made(app, "POST", f"/v1/claims/{claim['id']}/submit", {"actor": BILLER})


def fill(
    database: Database,
    organization_id: str,
    templates: Sequence[str],
    count: int,
    *,
    start: int = 0,
    keep: int = 1_000,
    ids: Ids = random_ids,
) -> list[OpenClaim]:
    """Add copies of the claims that are named, by turns; `keep` of them, evenly spread, are answered. Copies are
    numbered from `start`, so that a database can be filled further."""
    with database.reading() as session:
        read = [_Template(session, organization_id, claim_id) for claim_id in templates]
    kept: list[OpenClaim] = []
    step = max(1, count // keep)
    for first in range(start, start + count, CLAIMS_A_TRANSACTION):
        places = range(first, min(first + CLAIMS_A_TRANSACTION, start + count))
        copies = [(read[place % len(read)], _copy(read[place % len(read)].known, place, ids)) for place in places]
        rows: dict[Table, list[dict[str, Any]]] = {}
        for template, copy in copies:
            for table, values in template.rows_of(database, copy, ids):
                rows.setdefault(table, []).append(values)
        database.run(partial(_insert, organization_id=organization_id, rows=rows))
        kept += [copy for place, (_, copy) in zip(places, copies, strict=True) if (place - start) % step == 0]
    return kept[:keep]


def _copy(known: OpenClaim, place: int, ids: Ids) -> OpenClaim:
    patient = place // VISITS_A_PATIENT
    mixed = patient * 2_654_435_761 % 2**20
    last = "".join(SYLLABLES[mixed >> shift & 15] for shift in (0, 4, 8, 12, 16)).title()
    return OpenClaim(
        claim_id=ids("clm"),
        claim_number=ids.claim_number(),
        note_id=f"note_f{place:08d}",
        coverage_id=f"cov_f{patient:08d}",
        patient_id=f"pat_f{patient:08d}",
        member_id=f"FIL{patient * 7919 % 10**9:09d}",
        first_name=FIRST_NAMES[patient % len(FIRST_NAMES)],
        last_name=last,
        date_of_service=known.date_of_service - timedelta(days=place * 37 % DAYS),
    )


def _insert(session: Session, *, organization_id: str, rows: Mapping[Table, list[dict[str, Any]]]) -> None:
    for table, found in rows.items():
        session.connection().execute(table.insert(), found)
        for values in found:
            note_change(session, organization_id, table, row_key(table, values), values[MAC])


class _Template:
    """A claim of the product with its rows, and how a copy of each is written."""

    def __init__(self, session: Session, organization_id: str, claim_id: str) -> None:
        row = session.get_one(ClaimRow, (organization_id, claim_id))
        bundle = row.document.source.coverage_bundle
        name = bundle.patient.name
        self.known = OpenClaim(
            claim_id=row.id,
            claim_number=row.claim_number,
            note_id=row.note_id,
            coverage_id=row.coverage_id,
            patient_id=row.patient_id,
            member_id=bundle.coverage.member_id,
            first_name=name.first,
            last_name=name.last,
            date_of_service=row.date_of_service,
        )
        others: list[type[SQLModel]] = [ClaimNumberRow, LedgerRow]
        found: list[SQLModel] = [row]
        for model in others:
            columns = table_of(model).c
            query = select(model).where(columns.organization_id == organization_id, columns.claim_id == claim_id)
            found += session.exec(query).all()
        self._rows = [_Row(one, self.known) for one in found]

    def rows_of(self, database: Database, copy: OpenClaim, ids: Ids) -> list[tuple[Table, dict[str, Any]]]:
        """Each row of a copy, sealed and with its MAC, by its table."""
        words = _words(copy)
        moved = copy.date_of_service - self.known.date_of_service
        return [(row.table, row.written(database, copy, words, moved, ids)) for row in self._rows]


def _words(claim: OpenClaim) -> list[bytes]:
    """What differs between the documents of two claims, in the same order for each."""
    texts = (
        *(claim.claim_id, claim.claim_number, claim.note_id, claim.coverage_id, claim.patient_id, claim.member_id),
        *(claim.first_name, claim.first_name.upper(), claim.last_name, claim.last_name.upper()),
        claim.date_of_service.isoformat(),
    )
    return [text.encode() for text in texts]


class _Row:
    """One row of a template. `texts` has its sealed columns as bytes that are cut at what differs: every second piece
    is the place of a word."""

    def __init__(self, row: SQLModel, known: OpenClaim) -> None:
        self.table, self.model = table_of(type(row)), type(row)
        self._plain = {column.name: getattr(row, column.name) for column in self.table.columns}
        self._known = known
        words = _words(known)
        cut = re.compile(b"(" + b"|".join(map(re.escape, sorted(words, key=len, reverse=True))) + b")")
        self._texts: dict[str, list[bytes | int]] = {}
        for column in self.table.columns:
            value = self._plain[column.name]
            if isinstance(column.type, SealedText) and value is not None:
                pieces = cut.split(column.type.to_bytes(value))
                self._texts[column.name] = [words.index(one) if at % 2 else one for at, one in enumerate(pieces)]

    @cached_property
    def _named(self) -> dict[str, str]:
        """Columns that hold what a claim is known by, with the name of that."""
        known = {getattr(self._known, name): name for name in OpenClaim.__dataclass_fields__}
        return {name: known[value] for name, value in self._plain.items() if isinstance(value, str) and value in known}

    @cached_property
    def _dates(self) -> list[str]:
        return [name for name, value in self._plain.items() if isinstance(value, date | datetime)]

    def written(
        self, database: Database, copy: OpenClaim, words: Sequence[bytes], moved: timedelta, ids: Ids
    ) -> dict[str, Any]:
        """The values of the copy's row as they are inserted."""
        values = dict(self._plain)
        if "id" not in self._named:
            values["id"] = ids(PREFIXES[self.model])
        for column, name in self._named.items():
            values[column] = getattr(copy, name)
        for column in self._dates:
            values[column] += moved
        values[MAC] = row_mac(database.vault, database.service, self.table, values)
        for column, pieces in self._texts.items():
            text = b"".join(words[one] if isinstance(one, int) else one for one in pieces)
            place = place_of(self.table, column, values["organization_id"], values["id"], values.get(VERSION))
            values[column] = Sealed(database.vault.seal(place, text))
        return values
