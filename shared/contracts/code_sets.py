"""Editions of code sets, as claims speaks of them: which judge, since when, and who imported them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.common import Acting, Command, IsoDate, View

CodeSetKind = Literal["icd10", "ncci", "mue"]
MAX_FILE_CHARACTERS = 40_000_000
"""Of the file in base64: 30 MB, which every published zip stays far below."""
Base64File = Annotated[
    str, StringConstraints(min_length=4, max_length=MAX_FILE_CHARACTERS, pattern=r"^[A-Za-z0-9+/]+={0,2}$")
]


class CodeSetImport(Command):
    """A published edition, whole. `effective_from` is its first day: 1 October (or 1 April) for ICD-10-CM, the first of
    its quarter for the others."""

    effective_from: IsoDate
    file: Base64File = Field(
        description="the file as it was downloaded, in base64: its zip, .txt or .csv. icd10: the order file; "
        "ncci: a part of the practitioner PTP edits, of which the parts of one quarter add up; mue: practitioner values"
    )
    actor: Acting


class CodeSetWithdraw(Command):
    """Takes the newest edition of its kind back; what was in force before it is again."""

    actor: Acting


class CodeSetEdition(View):
    """One edition. One that came with the software has no `id`; what was imported says when and by whom."""

    id: str | None = None
    kind: str = Field(examples=["icd10", "ncci", "mue"])
    version: str
    effective_from: IsoDate | None = None
    effective_to: IsoDate | None = Field(
        default=None, description="the last day that it speaks for; a later service is judged by it with a warning"
    )
    entries: int = Field(description="codes, pairs or values that it has here")
    in_force: bool
    imported_at: datetime | None = None
    imported_by_client: str | None = None
    imported_by: str | None = Field(default=None, description="the id of the person")
    withdrawn_at: datetime | None = None


class CodeSetEditions(View):
    """Of each kind the edition in force, then those before it, newest first."""

    items: list[CodeSetEdition]
