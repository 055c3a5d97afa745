"""`handbill settings`: all settings, on the screen and as a page."""

import typer

app = typer.Typer(help="The settings: list them, write their page.", no_args_is_help=True)


@app.command("list")
def list_settings() -> None:
    """Every setting: its variable, its default, what it means."""
    from shared.settings import documented

    for one in documented():
        print(f"{one.variable}  ({one.type}{'; ' + one.default.strip('`') if one.default else ''})\n    {one.meaning}")


@app.command()
def docs() -> None:
    """Write the page of all settings to docs/settings.md."""
    from services.cli.settings_page import PAGE, page

    text = page()
    if PAGE.exists() and PAGE.read_text() == text:
        print("the page is up to date")
        return
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text)
    print(f"wrote {PAGE.name}")
