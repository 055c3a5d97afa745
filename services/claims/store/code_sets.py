"""Imported editions of code sets, of which the newest of each kind is in force for the whole installation."""

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from services.claims.store.code_set_tables import CodeSetEditionRow
from shared.tenancy import INSTALLATION_ID


def edition_id(kind: str, number: int) -> str:
    """`icd10-000003`."""
    return f"{kind}-{number:06d}"


def numbers_in_force(session: Session) -> dict[str, int]:
    """Of each kind, the number of the newest edition that was not withdrawn."""
    query = (
        select(CodeSetEditionRow.kind, func.max(CodeSetEditionRow.number))
        .where(col(CodeSetEditionRow.withdrawn_at).is_(None))
        .group_by(CodeSetEditionRow.kind)
    )
    return dict(session.exec(query).all())


def newest_number(session: Session, kind: str) -> int:
    """Of all editions of a kind, withdrawn ones too; 0 without any."""
    query = select(func.max(CodeSetEditionRow.number)).where(CodeSetEditionRow.kind == kind)
    return session.exec(query).one() or 0


def edition(session: Session, kind: str, number: int) -> CodeSetEditionRow | None:
    """One of them, with its content."""
    return edition_of_id(session, edition_id(kind, number))


def edition_of_id(session: Session, edition_id: str) -> CodeSetEditionRow | None:
    """One of them, with its content."""
    return session.get(CodeSetEditionRow, (INSTALLATION_ID, edition_id))


def editions(session: Session) -> list[CodeSetEditionRow]:
    """All of them without their content, newest first within each kind."""
    content = defer(CodeSetEditionRow.content)  # type: ignore[arg-type]
    query = (
        select(CodeSetEditionRow)
        .options(content)
        .order_by(CodeSetEditionRow.kind, col(CodeSetEditionRow.number).desc())
    )
    return list(session.exec(query))
