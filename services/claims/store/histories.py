"""Rows of histories, their files and their reports."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from services.claims.domain.histories.history_lifecycle import HistoryState
from services.claims.store.history_tables import HistoryFileRow, HistoryReportRow, HistoryRow

CONTENT_OF_FILE: Any = HistoryFileRow.content


def history(session: Session, organization_id: str, history_id: str) -> HistoryRow | None:
    """One history, None where the organization has none of that id."""
    return session.get(HistoryRow, (organization_id, history_id))


def histories_page(session: Session, organization_id: str, *, after: str | None, limit: int) -> Sequence[HistoryRow]:
    """Up to `limit + 1` histories in the order of their ids, which is that of their making."""
    query = select(HistoryRow).where(HistoryRow.organization_id == organization_id)
    if after is not None:
        query = query.where(col(HistoryRow.id) > after)
    return session.exec(query.order_by(col(HistoryRow.id)).limit(limit + 1)).all()


def report(session: Session, organization_id: str, history_id: str) -> HistoryReportRow | None:
    """The report of a history."""
    return session.get(HistoryReportRow, (organization_id, history_id))


def parts_by_name(session: Session, organization_id: str, history_id: str) -> dict[str, list[str]]:
    """The ids of a history's files by name, each file's parts in the order in which they were added."""
    query = (
        select(HistoryFileRow)
        .options(defer(CONTENT_OF_FILE))
        .where(HistoryFileRow.organization_id == organization_id, HistoryFileRow.history_id == history_id)
    )
    found: dict[str, list[str]] = {}
    for row in session.exec(query.order_by(col(HistoryFileRow.id))):
        found.setdefault(row.name, []).append(row.id)
    return found


def content(session: Session, organization_id: str, file_id: str) -> str:
    """One file's, or one part's, in base64; empty where it is gone."""
    row = session.get(HistoryFileRow, (organization_id, file_id))
    return row.content if row is not None else ""


def delete_files(session: Session, organization_id: str, history_id: str) -> None:
    """All files of a history go, without their contents being read."""
    of_history = (HistoryFileRow.organization_id == organization_id, HistoryFileRow.history_id == history_id)
    for row in session.exec(select(HistoryFileRow).where(*of_history).options(defer(CONTENT_OF_FILE))):
        session.delete(row)


def asked_histories(session: Session, limit: int) -> list[tuple[str, str]]:
    """(organization, id) of histories whose report is to be made."""
    query = select(HistoryRow.organization_id, HistoryRow.id).where(HistoryRow.state == HistoryState.ASKED)
    return list(session.exec(query.order_by(col(HistoryRow.organization_id), col(HistoryRow.id)).limit(limit)))
