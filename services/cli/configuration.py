"""The settings of this process, or one sentence for every setting that is wrong."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from services.cli.errors import CANNOT_START, CommandFailed

if TYPE_CHECKING:
    from shared.settings import Settings


UNKNOWN_YET = "default_factory_not_called"
"""A default that follows from another setting, which is wrong itself and is named already."""


def load_settings() -> "Settings":
    """From the environment. Raises CommandFailed for a value that is none, and for a variable that is no setting."""
    from pydantic import ValidationError
    from pydantic_settings import BaseSettings

    from shared.settings import Settings, SimulatorSettings

    refuse_unknown(os.environ)
    settings: Settings | None = None
    faults: list[str] = []
    model: type[BaseSettings]
    for model in (Settings, SimulatorSettings):
        try:
            made = model()
        except ValidationError as error:
            prefix = model.model_config["env_prefix"]
            found = [one for one in error.errors() if one["type"] != UNKNOWN_YET]
            faults += [f"{prefix}{str(one['loc'][0]).upper()}: {_sentence(dict(one))}" for one in found]
        else:
            settings = made if isinstance(made, Settings) else settings
    if settings is None or faults:
        raise CommandFailed("\n".join(faults), status=CANNOT_START)
    return settings


def _sentence(fault: dict[str, Any]) -> str:
    """Our own words where a validator of ours refused, else pydantic's."""
    return str(fault["ctx"]["error"]) if fault["type"] == "value_error" else str(fault["msg"])


def refuse_unknown(names: Iterable[str]) -> None:
    """Raises CommandFailed for variables of the environment that look like settings and are none."""
    from shared.settings import unknown_variables

    unknown = unknown_variables(names)
    sentences = [
        f"{name} is no setting" + (f"; did you mean {nearest}?" if nearest else "") for name, nearest in unknown.items()
    ]
    if sentences:
        raise CommandFailed("\n".join([*sentences, "all settings: handbill settings list"]), status=CANNOT_START)
