"""`handbill npi`: whose a billing NPI is. Only a confirmed one routes what the clearinghouse sends."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.configuration import load_settings

if TYPE_CHECKING:
    from services.claims.flows.operator.npis import BillingNpi

app = typer.Typer(help="Billing NPIs: whose they are.", no_args_is_help=True)
Npi = Annotated[str, typer.Argument(help="Ten digits.")]
By = Annotated[str | None, typer.Option("--by", help="Who confirms it, for the audit trail; else this account's name.")]


@app.command("list")
def list_npis() -> None:
    """Every NPI that is confirmed or that a practice has, with its organization and who else has put it."""
    from services.claims.flows.operator import npis
    from services.cli.operating import operator

    with operator(load_settings()) as person:
        for npi in npis.list_npis(person):
            print(_line(npi))


@app.command()
def confirm(
    organization: Annotated[str, typer.Argument(help="The organization's id.")], npi: Npi, by: By = None
) -> None:
    """Confirm that an organization bills under an NPI: it then gets what names the NPI and no known claim number."""
    from services.claims.flows.operator import npis
    from services.cli.operating import known_organization, operator

    settings = load_settings()
    with operator(settings, by) as person:
        print(_line(npis.confirm_npi(person, known_organization(settings, organization), npi)))


@app.command()
def withdraw(npi: Npi, reason: Annotated[str, typer.Option(help="Why, for the audit trail.")], by: By = None) -> None:
    """Take a confirmation back; the NPI may then be confirmed for another organization."""
    from services.claims.flows.operator import npis
    from services.cli.operating import operator

    with operator(load_settings(), by) as person:
        print(_line(npis.withdraw_npi(person, npi, reason)))


def _line(npi: "BillingNpi") -> str:
    if npi.confirmed_at is None:
        return f"{npi.npi}  not confirmed" + (f"; put by {', '.join(npi.put_by)}" if npi.put_by else "")
    others = f"; also put by {', '.join(npi.put_by)}" if npi.put_by else ""
    return f"{npi.npi}  {npi.holder}  confirmed {npi.confirmed_at:%Y-%m-%d}{others}"
