"""Settings: every one of them, from the environment (`HANDBILL_...`), with defaults that make the embedded set-up work.

This is their only home. `docs/settings.md` is made from it, and a variable that is none of these is refused at start
(`unknown_variables`), since a misspelt setting that is ignored is found out much later.
"""

from shared.settings.credentials import Credentials, CredentialsDamaged, TradingPartnerCredentials
from shared.settings.documented import SettingDoc, documented, unknown_variables
from shared.settings.installation import PINS_NAME, PORTS, Settings, local_url
from shared.settings.simulator import PAYERS_OF_THE_DEMO, SimulatorSettings

__all__ = [
    "PAYERS_OF_THE_DEMO",
    "PINS_NAME",
    "PORTS",
    "Credentials",
    "CredentialsDamaged",
    "SettingDoc",
    "Settings",
    "SimulatorSettings",
    "TradingPartnerCredentials",
    "documented",
    "local_url",
    "unknown_variables",
]
