"""The whole payer file, and the whole folder of payer files as one world.

Rules across tables: ids are there once, a member's plan exists, a dependent and a subscriber may share an id but not
a birth date and name, no code's practice expense is more than its fee, and no two files hold the same payer.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping

from services.clearinghouse.domain.payer_configuration import Address, CodePair, Payer, PayerTransaction, Reduction
from services.clearinghouse.domain.payer_file.plans import read_member, read_plan
from services.clearinghouse.domain.payer_file.reading import PayerFileError, Problem, Table
from shared.codesets.programs import Program

MAX_FILE_CHARACTERS = 1_000_000
MAX_PLANS = 100
MAX_MEMBERS = 10_000
MAX_PAIRS = 500


def read_payers(files: Mapping[str, str]) -> tuple[Payer, ...]:
    """All payers of a folder, sorted by id. `files` is name to text; raises `PayerFileError` with every mistake."""
    problems: list[Problem] = []
    payers: dict[str, Payer] = {}
    for name, text in sorted(files.items()):
        try:
            payer = read_payer(name, text)
        except PayerFileError as error:
            problems.extend(error.problems)
            continue
        if payer.id in payers:
            problems.append(
                Problem(name, "payer.id", "Another file holds a payer of this id.", "Give each payer its own id.")
            )
        payers[payer.id] = payer
    if not payers and not problems:
        problems.append(Problem("payers", "*.toml", "There is no payer file.", "Put at least one into the folder."))
    if problems:
        raise PayerFileError(problems)
    return tuple(payers[key] for key in sorted(payers))


def read_payer(file: str, text: str) -> Payer:
    """One payer of one TOML text. Raises `PayerFileError` with every mistake found."""
    if len(text) > MAX_FILE_CHARACTERS:
        raise PayerFileError([Problem(file, "file", "The file is too long.", "Keep it under a million characters.")])
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = f"line {text.count(chr(10), 0, getattr(error, 'pos', 0)) + 1}" if hasattr(error, "pos") else "file"
        raise PayerFileError([Problem(file, where, f"This is not TOML: {error}.", "Fix the syntax.")]) from None
    problems: list[Problem] = []
    payer = _payer(Table(file, "", values, problems))
    if problems:
        raise PayerFileError(problems)
    return payer


def _payer(top: Table) -> Payer:
    head = top.child("payer", required=True) or Table(top.file, "payer", {}, [])
    plans = tuple(read_plan(child) for child in top.children("plans", MAX_PLANS))
    members = tuple(read_member(child) for child in top.children("members", MAX_MEMBERS))
    fees = top.amounts("fees", 0, 1_000_000, "allowed cents")
    payer = Payer(
        id=head.text("id", longest=20),
        name=head.text("name", longest=60),
        program=Program(head.one_of("program", [program.value for program in Program])),
        filing_indicator=head.text("filing_indicator", longest=2),
        transactions=frozenset(
            PayerTransaction(word) for word in head.texts("transactions", (), [one.value for one in PayerTransaction])
        ),
        address=_address(head),
        tax_id=head.text("tax_id", longest=9),
        phone=head.text("phone", longest=10),
        days_to_acknowledge=head.number("days_to_acknowledge", 0, 0, 60),
        days_to_pay=head.number("days_to_pay", None, 1, 365),
        opening_year=head.number("opening_year", None, 2000, 2100),
        filing_limit_days=head.number("filing_limit_days", 365, 1, 1_000),
        payment_method=head.one_of("payment_method", ("ACH", "CHK"), "ACH"),
        duplicate_group=head.one_of("duplicate_group", ("OA", "CO"), "OA"),
        wants_claim_number=head.flag("wants_claim_number", False),
        wants_referral=head.flag("wants_referral", False),
        always_modifiers=_modifiers(head),
        daily_cap_cents=head.maybe_number("daily_cap_cents", 1, 1_000_000),
        reduction=_reduction(top, head),
        fees=fees,
        code_pairs=tuple(_pair(child) for child in top.children("code_pairs", MAX_PAIRS)),
        plans=plans,
        members=members,
    )
    head.finish()
    top.finish()
    _check_whole(top, payer)
    return payer


def _address(head: Table) -> Address:
    child = head.child("address", required=True)
    if child is None:
        return Address("", "", "", "")
    address = Address(
        line=child.text("line", longest=55),
        city=child.text("city", longest=30),
        state=child.text("state", longest=2),
        zip_code=child.text("zip", longest=9),
    )
    child.finish()
    return address


def _modifiers(head: Table) -> tuple[tuple[str, str], ...]:
    """`always_modifiers = { GP = ["97124", "97140"] }` as procedure to modifier."""
    child = head.child("always_modifiers")
    if child is None:
        return ()
    return tuple(sorted((code, modifier) for modifier in child.values for code in child.texts(modifier)))


def _reduction(top: Table, head: Table) -> Reduction | None:
    basis_points = head.basis_points("multiple_procedure_reduction_basis_points")
    expenses = top.amounts("practice_expense", 0, 1_000_000, "part of the fee in cents")
    if basis_points and not expenses:
        top.problem("practice_expense", "A reduction has nothing to reduce.", "Give each reduced code its cents.")
    return Reduction(basis_points, expenses) if basis_points else None


def _pair(table: Table) -> CodePair:
    pair = CodePair(
        paid=table.text("paid", longest=5),
        not_paid=table.text("not_paid", longest=5),
        separable=table.flag("separable", False),
    )
    table.finish()
    return pair


def _check_whole(top: Table, payer: Payer) -> None:
    if len(payer.tax_id) != 9 or not payer.tax_id.isdigit():
        top.problem("payer.tax_id", "This is not a tax id.", "Write nine digits without a hyphen.")
    if len(payer.phone) != 10 or not payer.phone.isdigit():
        top.problem("payer.phone", "This is not a telephone number.", "Write ten digits.")
    if not payer.transactions and all(problem.key != "payer.transactions" for problem in top.problems):
        top.problem("payer.transactions", "The payer takes no transaction.", 'Write at least transactions = ["837P"].')
    for plan_id in _repeated(plan.id for plan in payer.plans):
        top.problem("plans", f"The plan id {plan_id} is there twice.", "Give each plan its own id.")
    people = [(member.id, member.birth_date, member.last_name, member.first_name) for member in payer.members]
    if _repeated(people):
        top.problem("members", "A member is there twice.", "Remove one of the two, or fix the birth date.")
    plan_ids = {plan.id for plan in payer.plans}
    for place, member in enumerate(payer.members):
        if member.plan_id not in plan_ids:
            top.problem(f"members[{place}].plan", "There is no such plan.", "Use the id of one of the [[plans]].")
    if payer.reduction:
        for code, expense_cents in payer.reduction.practice_expense:
            if expense_cents > (payer.fee_of(code) or 0):
                top.problem(f"practice_expense.{code}", "It is more than the code's fee.", "Fix it or the fee.")


def _repeated(items: Iterable[object]) -> list[object]:
    return [item for item, count in Counter(items).items() if count > 1]
