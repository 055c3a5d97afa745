"""`handbill retention`: whose records may go, their destruction, and the certificate of it."""

import json
from collections import Counter
from typing import Annotated

import typer

from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed

app = typer.Typer(help="How long patients' records are kept, and their destruction.", no_args_is_help=True)
Organization = Annotated[str, typer.Argument(help="The organization's id.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it, for the audit trail; else this account's name.")]
Settled = Annotated[
    bool,
    typer.Option(
        "--patient-shares-settled",
        help="What claims say that patients owe is settled in the practice's own books.",
    ),
]


@app.command()
def due(
    organization: Organization,
    shares_settled: Settled = False,
    as_json: Annotated[bool, typer.Option("--json", help="Every patient, one JSON object a line.")] = False,
) -> None:
    """List the patients whose records may be destroyed, and count what keeps the others. Changes nothing."""
    from services.cli.retention import archive, standings, unknown_patients

    with archive(load_settings(), organization, None) as records:
        kept: Counter[str] = Counter()
        count = 0
        for one in standings(records, shares_settled=shares_settled):
            day = str(one.retention.destroyable_from) if one.retention else None
            rule = one.retention.period.name if one.retention else None
            if as_json:
                found = {"patient_id": one.patient_id, "destroyable_from": day, "rule": rule}
                print(json.dumps(found | {"kept_by": list(one.kept_by)}))
            elif not one.kept_by:
                print(f"{one.patient_id}  since {day}  {rule}")
            count += not one.kept_by
            kept.update(one.kept_by)
        if as_json:
            return
        unknown = unknown_patients(records)
    print(f"{count} patients are due on {records.today}")
    for reason, number in sorted(kept.items()):
        print(f"{number} are kept by {reason}")
    if unknown:
        print(f"{unknown} have notes or claims and no record in eligibility: without a birth date nothing is due")


@app.command()
def dispose(
    organization: Organization,
    confirm: Annotated[int, typer.Option(help="How many patients are due, as `retention due` has counted them.")],
    shares_settled: Settled = False,
    by: By = None,
) -> None:
    """Destroy the records of all patients who are due, after what an earlier run has left unfinished. There is no way
    back but a backup. It may be killed and run again."""
    from services.cli.retention import archive, dispose, refuse_wrong_count, standings

    with archive(load_settings(), organization, by) as records:
        wanted = [one for one in standings(records, shares_settled=shares_settled) if not one.kept_by]
        refuse_wrong_count(confirm, len(wanted))
        gone = dispose(records, wanted, lambda line: print(line, flush=True), shares_settled=shares_settled)
    print(f"the records of {gone} patients are destroyed; backups of before keep them until they are destroyed too")
    if gone < len(wanted):
        raise CommandFailed(f"{len(wanted) - gone} were kept, for what stands above")


@app.command()
def certificate(organization: Organization, patient: Annotated[str, typer.Argument(help="The patient's id.")]) -> None:
    """Print what of a patient was destroyed: when, by whom, which rows, under which rule."""
    from services.cli.retention import archive, certificate

    found = False
    with archive(load_settings(), organization, None) as records:
        for line in certificate(records, patient):
            found = True
            print(line)
    if not found:
        raise CommandFailed(f"nothing of {patient[:64]} was destroyed here")


@app.command()
def totals(organization: Organization) -> None:
    """Print what the destroyed claims came to, by year of service, for the books of the practice."""
    from services.claims.flows.retention import destroyed_totals
    from services.cli.operating import known_organization, operator
    from shared.money import format_dollars

    settings = load_settings()
    with operator(settings, exact=True) as person:
        for year, claims, money in destroyed_totals(person.database, known_organization(settings, organization)):
            amounts = (
                ("charged", money.charge_cents),
                ("paid", money.paid_cents),
                ("written off", money.written_off_cents),
                ("patients", money.patient_cents),
                ("insurers", money.insurer_cents),
            )
            print(
                f"{year}  {claims} claims  " + "  ".join(f"{name} {format_dollars(cents)}" for name, cents in amounts)
            )
