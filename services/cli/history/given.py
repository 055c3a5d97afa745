"""What the practice knows beside its files: its payers' profiles and fees (TOML), and its own books (CSV)."""

import csv
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from services.claims.domain.histories.past import OwnBalance
from services.claims.domain.histories.payer_terms import GivenTerms, given_terms
from services.cli.errors import CANNOT_START, CommandFailed
from shared.money import MAX_AMOUNT_CENTS
from shared.payer_profiles import ProfileError

MAX_FILE_BYTES = 10 * 1024**2
COLUMNS = ("claim_number", "billed_to_patient", "written_off")


def terms_of_payers(path: Path) -> Mapping[str, GivenTerms]:
    """By payer identifier. Raises CommandFailed."""
    try:
        return given_terms(tomllib.loads(_text(path)))
    except (tomllib.TOMLDecodeError, ProfileError) as error:
        raise CommandFailed(f"{path}: {error}", status=CANNOT_START) from None


def own_balances(path: Path) -> Mapping[str, OwnBalance]:
    """By claim number. Raises CommandFailed that names the line."""
    rows = csv.DictReader(_text(path).splitlines())
    if not set(COLUMNS) <= {*(rows.fieldnames or ())}:
        raise CommandFailed(f"{path} needs the columns {', '.join(COLUMNS)}", status=CANNOT_START)
    return {
        row[COLUMNS[0]]: OwnBalance(*(_cents(path, rows.line_num, row[name]) for name in COLUMNS[1:])) for row in rows
    }


def _cents(path: Path, line: int, text: str | None) -> int:
    try:
        cents = Decimal((text or "0").strip().lstrip("$") or "0") * 100
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents != cents.to_integral_value() or not 0 <= cents <= MAX_AMOUNT_CENTS:
        raise CommandFailed(f"{path}, line {line}: an amount is no number of dollars and cents", status=CANNOT_START)
    return int(cents)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CommandFailed(f"{path} has more than {MAX_FILE_BYTES // 1024**2} MB", status=CANNOT_START)
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}", status=CANNOT_START) from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{path} is no UTF-8", status=CANNOT_START) from None
