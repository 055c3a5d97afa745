"""`handbill openapi`: documents that are made from the code and committed."""

import typer

app = typer.Typer()


@app.command()
def openapi() -> None:
    """Write the services' OpenAPI documents to deploy/openapi/."""
    from services.cli.openapi import write

    changed = write()
    print("\n".join(f"wrote {file.name}" for file in changed) or "all documents are up to date")
