"""`handbill tls`: certificates for TLS between the services of one installation."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.configuration import load_settings

app = typer.Typer(help="Certificates for TLS between services.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Certificates for TLS between services."""


@app.command()
def make(
    folder: Annotated[Path | None, typer.Argument(help="Where they are kept; `tls` in the data folder.")] = None,
    ca_copy: Annotated[
        Path | None, typer.Option(help="A copy of the authority's certificate that all may read, such as a front.")
    ] = None,
    also: Annotated[list[str] | None, typer.Option(help="A further process that needs one, such as database.")] = None,
) -> None:
    """Make an authority and a certificate for each service; renew what ends within 60 days, leave alone the rest."""
    from datetime import UTC, datetime

    from services.cli.certificates import make_certificates, names_of
    from shared.private_files import write_private_file

    settings = load_settings()
    where = (folder or settings.data_dir / "tls").resolve()
    for one in make_certificates(where, names_of(settings, also or []), datetime.now(UTC)):
        print(f"{'made' if one.made else 'kept'}  {one.file}  until {one.ends_on.isoformat()}  {', '.join(one.names)}")
    if ca_copy is not None:
        write_private_file(ca_copy, (where / "ca.pem").read_bytes, replace=True)
        ca_copy.chmod(0o644)
    print(
        f"\nHANDBILL_TLS_CERTIFICATE={where}/{{service}}.pem\nHANDBILL_TLS_KEY={where}/{{service}}.key\n"
        f"HANDBILL_TLS_CA={where}/ca.pem"
    )
