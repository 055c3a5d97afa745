"""Every table and column of every organization leaves with it, or says why not; so a new one does, without a list."""

import re
from pathlib import Path

import pytest

from services.cli import moving
from services.cli.audit import tables_of
from shared.database.operations import Operations
from shared.database.organization_rows import READERS, exported_columns
from shared.database.tables import BLIND_OF, LEFT_BEHIND, X12_KIND, table_of
from shared.database.tenancy import tenant_classes

PAGE = Path(__file__).parents[3] / "docs" / "moving.md"
STAY_BEHIND = {"chain_heads", "idempotency_keys", "identities", "received_messages", "unrouted_parts"}
REPLACED = {("clients", "secret_hash"), ("audit_entries", "previous_mac")}
"""Beside the MAC of every row."""
BLIND = {
    ("coverages", "member_blind"),
    ("remittances", "payer_blind"),
    ("remittances", "trace_blind"),
    ("provider_entries", "payer_blind"),
    ("deposits", "trace_blind"),
    ("opening_balances", "reference_blind"),
    ("opening_balances", "claim_number_blind"),
}
HOLD_X12 = {
    ("inquiries", "request_x12"),
    ("inquiries", "response_x12"),
    ("files", "content"),
    ("messages", "content"),
}
SOUNDS_SECRET = re.compile(r"secret|password|token|otp|passkey|recovery|_key$")
NO_SECRET = {("users", "tokens_end_at")}
services = pytest.mark.parametrize("service", sorted(moving.ORDER))


def tables(service):
    return {table_of(cls) for cls in tenant_classes(tables_of(service)[0].metadata, Operations.metadata)}


@services
def test_every_table_of_a_tenant_leaves_or_says_why_not(service):
    leave = {table_of(model) for model in moving.models_of(service)}
    assert leave <= tables(service)
    for table in tables(service) - leave:
        assert table.name in STAY_BEHIND
        assert len(table.info[LEFT_BEHIND]) > 20


@services
def test_every_column_leaves_or_is_made_anew(service):
    for table in (table_of(model) for model in moving.models_of(service)):
        stay = {one.name for one in table.columns} - {one.name for one in exported_columns(table)}
        anew = {name for owner, name in REPLACED | BLIND if owner == table.name} | ({"mac"} & set(table.columns.keys()))
        assert stay == {"organization_id"} | anew, table.name
        assert {one.name for one in table.columns if X12_KIND in one.info} == {
            name for owner, name in HOLD_X12 if owner == table.name
        }
        for column in table.columns:
            secret = SOUNDS_SECRET.search(column.name) and (table.name, column.name) not in NO_SECRET
            assert LEFT_BEHIND in column.info or not secret, f"{table.name}.{column.name}"
            assert (BLIND_OF in column.info) == column.name.endswith("_blind"), f"{table.name}.{column.name}"


@services
def test_every_column_that_leaves_can_be_read_again(service):
    for table in (table_of(model) for model in moving.models_of(service)):
        for column in exported_columns(table):
            assert any(isinstance(column.type, types) for types, _ in READERS), f"{table.name}.{column.name}"


@services
def test_the_page_names_every_file_and_its_members(service):
    rows = {line.split(" | ")[0]: line for line in PAGE.read_text().splitlines() if line.startswith("| `")}
    for table in (table_of(model) for model in moving.models_of(service)):
        name = f"| `{service}/{table.name}`" if table.name not in ("audit_entries", "events") else f"| `*/{table.name}`"
        members = ", ".join(f"`{column.name}`" for column in exported_columns(table))
        assert rows[name].endswith(f"| {members} |"), f"{name} ... | {members} |"
