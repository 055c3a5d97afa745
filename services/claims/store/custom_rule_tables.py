"""Tables of the rules that a practice writes: one row for a rule, one for each of its revisions.

What a rule says is sealed: its texts are a person's own words.
"""

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from services.claims.store.rows import Row
from shared.contracts.custom_rules import CustomRuleAct, CustomRuleDefinition
from shared.database import ContractCodec, SealedDocument
from shared.database.row_macs import Authenticated


class SealedDefinition(SealedDocument):
    """A CustomRuleDefinition."""

    codec = ContractCodec(CustomRuleDefinition)


class SealedActs(SealedDocument):
    """Who did what with a revision, oldest first."""

    codec = ContractCodec(list[CustomRuleAct])


class CustomRuleRow(Row, Authenticated, table=True):
    """A rule (`id` is its code). `version` counts every change, `latest` its revisions."""

    __tablename__ = "custom_rules"

    version: int = 1
    latest: int = 0


class CustomRuleRevisionRow(Row, Authenticated, table=True):
    """A revision of a rule (`id` is the rule's code). Its definition never changes. It counts in checks from
    `active_from` to `active_to`; a draft has neither."""

    __tablename__ = "custom_rule_revisions"
    __table_args__ = (Index("custom_rule_revisions_by_day", "organization_id", "active_from"),)

    revision: int = Field(primary_key=True)
    active_from: date | None = None
    active_to: date | None = None
    definition: CustomRuleDefinition = Field(sa_type=SealedDefinition)
    acts: list[CustomRuleAct] = Field(sa_type=SealedActs)
