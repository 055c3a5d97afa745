"""The report in the shape in which it is printed, sent and kept. Texts of the files are cut and cleaned here, since a
terminal obeys control characters; names of patients are in it only where somebody has asked for them."""

from services.claims.domain.histories import history_report as domain
from services.claims.domain.histories.finding_kinds import KIND_TEXTS
from services.claims.domain.histories.findings import HistoryFinding, Window
from services.claims.domain.histories.past_records import PastFile
from services.claims.domain.ledger import Balances
from services.claims.domain.sanitize import sanitize
from shared.contracts import histories as contract

TEXT_MAX_LENGTH = 500
NAME_MAX_LENGTH = 120


def report_view(report: domain.HistoryReport, *, names: bool = False) -> contract.HistoryReport:
    """The whole report; `names` adds the patients'."""
    return contract.HistoryReport(
        as_of=report.as_of,
        totals=[
            contract.HistoryTotal(
                kind=kind,
                title=KIND_TEXTS[kind].title,
                cents_are=KIND_TEXTS[kind].cents,
                findings=count,
                cents=cents,
                open_cents=still,
            )
            for kind, (count, cents, still) in report.totals().items()
        ],
        findings=[_finding(one, names=names) for one in report.findings],
        claims=[_claim(one, names=names) for one in report.claims],
        files=[_file(one) for one in report.files],
        payers=[
            contract.HistoryPayer(
                identifier=sanitize(key, NAME_MAX_LENGTH),
                name=sanitize(name, NAME_MAX_LENGTH),
                profile=profile,
                named=named,
            )
            for key, (name, profile, named) in report.profiles.items()
        ],
        rules=[
            contract.HistoryRule(code=code, judged=judged, lacking=lacking)
            for code, (judged, lacking) in report.rules.items()
        ],
        claims_of_several_days=report.several_days,
    )


def _finding(one: HistoryFinding, *, names: bool) -> contract.HistoryFinding:
    return contract.HistoryFinding(
        kind=one.kind,
        title=KIND_TEXTS[one.kind].title,
        claim_number=sanitize(one.claim_number, NAME_MAX_LENGTH),
        payer_name=sanitize(one.payer, NAME_MAX_LENGTH),
        date_of_service=one.date_of_service,
        cents=one.cents,
        message=sanitize(one.message, TEXT_MAX_LENGTH),
        fix=one.fix,
        rule=one.rule,
        windows=[_window(window) for window in one.windows],
        open=one.is_open,
        file=sanitize(one.place.file, TEXT_MAX_LENGTH),
        offset=one.place.offset,
        patient_name=sanitize(one.patient_name, NAME_MAX_LENGTH) if names else None,
    )


def _window(one: Window) -> contract.HistoryWindow:
    return contract.HistoryWindow(
        kind=one.kind, closes_on=one.closes_on, open=one.is_open, presumed=one.presumed, source=one.source
    )


def _claim(one: domain.PastClaimReport, *, names: bool) -> contract.HistoryClaim:
    rebuilt, action = one.rebuilt, one.next_action
    sent = rebuilt.sent
    return contract.HistoryClaim(
        claim_number=sanitize(sent.number, NAME_MAX_LENGTH),
        payer_name=sanitize(sent.payer.name, NAME_MAX_LENGTH),
        payer_identifier=sanitize(sent.payer.identifier, NAME_MAX_LENGTH),
        sequence=sent.claim.sequence,
        date_of_service=sent.claim.date_of_service,
        sent_on=sent.sent_on,
        submissions=len(rebuilt.submissions),
        state=rebuilt.state,
        outcome=rebuilt.outcome,
        money=_money(one.money),
        next_action=contract.HistoryNextAction(
            kind=action.kind, due_on=action.due_on, reason=sanitize(action.reason, TEXT_MAX_LENGTH), rule=action.rule
        ),
        file=sanitize(sent.place.file, TEXT_MAX_LENGTH),
        offset=sent.place.offset,
        patient_name=sanitize(sent.patient_name, NAME_MAX_LENGTH) if names else None,
    )


def _money(money: Balances) -> contract.HistoryMoney:
    return contract.HistoryMoney(
        charge_cents=money.charge_cents,
        paid_cents=money.paid_cents,
        written_off_cents=money.written_off_cents,
        patient_balance_cents=money.patient_cents,
        patient_paid_cents=money.patient_paid_cents,
        insurer_balance_cents=money.insurer_cents,
        other_payers_cents=money.other_payers_cents,
    )


def _file(one: PastFile) -> contract.HistoryFile:
    return contract.HistoryFile(
        name=sanitize(one.name, TEXT_MAX_LENGTH),
        size_bytes=one.size_bytes,
        kinds={sanitize(kind, NAME_MAX_LENGTH): count for kind, count in one.kinds.items()},
        claims=len(one.claims),
        payments=len(one.payments),
        problems=[
            contract.HistoryProblem(
                code=problem.code, message=sanitize(problem.message, TEXT_MAX_LENGTH), offset=problem.offset
            )
            for problem in one.problems
        ],
    )
