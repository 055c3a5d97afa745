"""`make mutants`: breaks MUTANTS lines of the product, chosen by MUTANTS_SEED, within MUTANTS_SECONDS.

Survivors are listed, not punished: the exit code is 0. Each is a missing test, or is accepted with its reason in
accepted.toml.
"""

import functools
import os
from pathlib import Path

from tests.mutants.campaign import Plan, campaign
from tests.mutants.report import read_accepted, summary, survivors

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("access", "claims", "clearinghouse", "eligibility", "notes")
PLAN = Plan(
    parts=[
        [f"services/{name}/domain" for name in SERVICES if name != "claims"],
        ["services/claims"],
        ["shared/web"],
        ["shared/security"],
        ["shared/x12"],
    ],
    sources=["services", "shared"],
    tests=[
        *(f"tests/services/{name}" for name in SERVICES),
        "tests/services/test_migrations.py",
        "tests/shared",
        "tests/deploy/openapi",
    ],
    shared=["tests/conftest.py", "tests/harness"],
    slow=[
        *(f"tests/shared/x12/test_{name}.py" for name in ("corpus", "hostile", "properties", "validators")),
        "tests/services/claims/test_worker.py",
    ],
    first_imports=["alembic.command", "fastapi", "httpx", "jwt", "msgspec", "sqlmodel", "structlog", "uvicorn"],
)


def main() -> None:
    count = int(os.environ.get("MUTANTS", "300"))
    seed = int(os.environ.get("MUTANTS_SEED", "1"))
    seconds = float(os.environ.get("MUTANTS_SECONDS", "2400"))
    say = functools.partial(print, flush=True)
    accepted = read_accepted(Path(__file__).parent / "accepted.toml")
    done, not_tried = campaign(ROOT, PLAN, count, seed, seconds, say)
    print("\n" + survivors(done, accepted) + "\n\n" + summary(done, accepted, not_tried))


if __name__ == "__main__":
    main()
