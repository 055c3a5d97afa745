"""`handbill issuers`: whose ID tokens say who a person of an organization is."""

from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer(help="OIDC issuers by which persons of an organization come in.", no_args_is_help=True)
Organization = Annotated[str, typer.Argument(help="The organization's id, `org_...`.")]
Issuer = Annotated[str, typer.Argument(help="`iss` of its ID tokens: https://login.example.com/realms/practice.")]


@app.callback()
def group() -> None:
    """OIDC issuers by which persons of an organization come in."""


@app.command("add")
def add(
    organization: Organization,
    issuer: Issuer,
    audience: Annotated[str, typer.Option(help="`aud` of its ID tokens: the client id that the issuer gave the EHR.")],
    keys: Annotated[
        str | None, typer.Option(metavar="URL", help="Its key set; asked of the issuer's own document otherwise.")
    ] = None,
) -> None:
    """Trust an issuer, or change its audience or where its keys are."""
    from services.cli.issuers import add_issuer

    print(add_issuer(load_settings(), organization, issuer, audience, keys))


@app.command("list")
def list_issuers(organization: Organization) -> None:
    """Print the issuers that an organization trusts."""
    from services.cli.issuers import listed

    for line in listed(load_settings(), organization):
        print(line)


@app.command("remove")
def remove(organization: Organization, issuer: Issuer) -> None:
    """Trust an issuer no longer; tokens that are out end within fifteen minutes."""
    from services.cli.issuers import remove_issuer

    remove_issuer(load_settings(), organization, issuer)
    print(f"removed  {issuer}")
