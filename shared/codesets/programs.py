"""Kinds of insurance, one word each: under which law or contract a payer pays.

`workers_comp` is workers' compensation of any state, `auto_pip` is auto insurance whatever a state calls it (personal
injury protection, medical payments, no-fault), `va` is VA community care.
"""

from enum import StrEnum


class Program(StrEnum):
    """The program of a payer's profile."""

    COMMERCIAL = "commercial"
    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    WORKERS_COMP = "workers_comp"
    AUTO_PIP = "auto_pip"
    VA = "va"


NEVER_PATIENT = frozenset({Program.WORKERS_COMP, Program.VA})
"""Accepted workers' compensation and authorized VA care never reach a patient's statement.

Sources: state compensation law (RCW 51.04.030 in Washington), 38 CFR 17.4035 for community care.
"""

INJURY = frozenset({Program.WORKERS_COMP, Program.AUTO_PIP})
"""Programs that pay for one injury, by the insurer's claim number, and count visits by injury and not by year."""
