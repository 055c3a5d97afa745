"""`handbill up`: an installation to try things on, with an organization of its own and a token ready to use."""

import os

from services.cli import serving
from services.cli.composition import SERVICES, prepare, url_of
from services.cli.demo.practice import load
from services.cli.operating import confirm_npi
from services.cli.organizations import create_organization, fetch_token, stored_file
from shared.settings import Settings

NAME = "Sandbox"
ZONE = "America/Los_Angeles"


def run(settings: Settings) -> None:
    """Stays until Ctrl-C or SIGTERM. Raises CommandFailed."""
    environment = {
        name: value for name, value in serving.sandbox_environment(settings).items() if name not in os.environ
    }
    serving.check_ports(settings)
    prepare(settings)
    if not stored_file(settings).exists():
        new = create_organization(settings, NAME, ZONE, store=True)
        # As its operator would: the sandbox is for trying the sample practice on.
        confirm_npi(settings, new.organization.id, load().practice["npi"])
    print("starting ...", flush=True)
    serving.up(settings, environment, lambda: _greet(settings))
    print("stopped")


def _greet(settings: Settings) -> None:
    for service in SERVICES:
        print(f"{service:<14} {url_of(settings, service)}   docs: {url_of(settings, service)}/docs")
    print(f"\ndata, keys and logs are in {settings.data_dir.resolve()}")
    print("a token for 15 minutes (the next one: handbill token):\n")
    print(fetch_token(settings, None, None, None))
    print("\nCtrl-C stops everything.", flush=True)
