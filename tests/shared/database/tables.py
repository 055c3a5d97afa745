"""Tables that only the tests of the database have."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database import SealedJson, SealedText, UtcDateTime
from shared.database.row_macs import Authenticated


class Base(SQLModel, registry=registry()):
    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class Person(Base, table=True):
    __tablename__ = "persons"

    name: str = Field(sa_type=SealedText)
    nickname: str | None = Field(default=None, sa_type=SealedText)
    address: dict[str, Any] | None = Field(default=None, sa_type=SealedJson)
    visits: int = 0


class Account(Base, table=True):
    __tablename__ = "accounts"

    balance_cents: int = 0


class Letter(Base, table=True):
    """A row with a version."""

    __tablename__ = "letters"

    version: int = 1
    subject: str = Field(sa_type=SealedText)
    body: str | None = Field(default=None, sa_type=SealedText)
    state: str = Field(default="draft", max_length=20)


class Bill(Base, Authenticated, table=True):
    __tablename__ = "bills"

    month: date = Field(primary_key=True)
    state: str
    amount_cents: int
    text: str = Field(sa_type=SealedText)
    signed_by: str | None = Field(default=None, sa_type=SealedText)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    codes: dict[str, int] = Field(sa_type=JSON)
