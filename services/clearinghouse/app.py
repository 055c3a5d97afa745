"""The simulator's composition root: the only file that knows which parts it runs on."""

from collections.abc import Mapping

from fastapi import FastAPI

from services.clearinghouse.api import router
from services.clearinghouse.domain.payer_configuration import Payer
from services.clearinghouse.domain.payer_file import PayerFileError, Problem, read_payers
from services.clearinghouse.flows import Dependencies
from services.clearinghouse.flows.clock import set_at_first_start
from services.clearinghouse.settings import partners_of, payer_texts
from services.clearinghouse.store import payers_waited_for
from services.clearinghouse.trading_partners import Partners
from shared.clocks import Clock, WallClock
from shared.database import Database
from shared.database.opening import open_database
from shared.ids import random_ids
from shared.settings import Settings, SimulatorSettings
from shared.telemetry.metrics_token import metrics_token
from shared.web.service import create_service


def build(settings: Settings, *, simulator: SimulatorSettings | None = None, wall: Clock | None = None) -> FastAPI:
    """The simulator, with its database at the newest version and its clock set. `wall` is real time.

    Raises `PayerFileError` for payer files that are wrong, or that are gone while claims wait for their payer.
    """
    token = metrics_token(settings)
    own = simulator or SimulatorSettings()
    payers = {payer.id: payer for payer in read_payers(payer_texts(own.payers_dir))}
    partners = Partners(partners_of(own, settings))
    database = open_database(settings, "clearinghouse")
    _check_payers_stay(database, payers)
    wall = wall or WallClock()
    set_at_first_start(database, own.starts_at, wall.now(), own.clock_runs)
    deps = Dependencies(
        database=database,
        wall=wall,
        ids=random_ids,
        payers=payers,
        zone=own.time_zone,
        interchange_id=own.interchange_id,
        name=own.name,
        max_claims_a_file=own.max_claims_a_file,
    )
    return create_service(
        name="clearinghouse",
        summary="A clearinghouse and its payers to rehearse with: real X12, a virtual clock, misfortunes on demand.",
        tags={
            "x12": "X12 files in, messages out, for trading partners.",
            "simulator": "The virtual clock and the scenarios.",
        },
        database=database,
        routers=[router],
        dependencies=[deps, partners],
        max_body_bytes=own.max_file_bytes,
        tokens=False,
        wall_clock=wall,
        metrics_token=token,
    )


def _check_payers_stay(database: Database, payers: Mapping[str, Payer]) -> None:
    """Claims that wait for a payer would wait for ever without its file, so the start says so."""
    with database.reading() as session:
        gone = sorted(payers_waited_for(session) - set(payers))
    if gone:
        database.close()
        raise PayerFileError(
            Problem("payers", payer_id, "Claims wait for this payer, but its file is gone.", "Put the file back.")
            for payer_id in gone
        )
