"""Every setting with its words, of which `docs/settings.md` is made; other `HANDBILL_...` variables are refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from pydantic_settings import BaseSettings

from shared.settings.field import PREFIX
from shared.settings.installation import Settings
from shared.settings.simulator import PAYERS_OF_THE_DEMO, SimulatorSettings


@dataclass(frozen=True, slots=True)
class SettingDoc:
    """One line of the page of all settings."""

    variable: str
    type: str
    default: str
    read_by: tuple[str, ...]
    meaning: str


COMMAND_LINE = (
    SettingDoc("HANDBILL_CLIENT_ID", "text", "", ("handbill token",), "The API client to get a token for."),
    SettingDoc("HANDBILL_CLIENT_SECRET", "text", "", ("handbill token",), "Its secret."),
)
INTERNAL = frozenset({"HANDBILL_STOP_WITH_PARENT"})
"""Set by `handbill up` for the processes that it starts; nobody else sets it."""


def documented() -> list[SettingDoc]:
    """Every setting, in the order of their classes."""
    found = [
        SettingDoc(
            variable=f"{model.model_config['env_prefix']}{name}".upper(),
            type=_type_of(model, name),
            default=_default_of(model, name),
            read_by=tuple(field.json_schema_extra["read_by"]),  # type: ignore[arg-type, index]
            meaning=field.description or "",
        )
        for model in (Settings, SimulatorSettings)
        for name, field in model.model_fields.items()
    ]
    return [*found, *COMMAND_LINE]


def unknown_variables(names: Iterable[str]) -> dict[str, str | None]:
    """The `HANDBILL_...` names among the environment's that are no setting, each with the nearest that is one."""
    known = {one.variable for one in documented()} | INTERNAL
    unknown = sorted(name for name in names if name.upper().startswith(PREFIX) and name.upper() not in known)
    return {
        name: next(iter(get_close_matches(name.upper(), sorted(known - INTERNAL), 1, 0.7)), None) for name in unknown
    }


def _type_of(model: type[BaseSettings], name: str) -> str:
    """In words, with its limits, from the JSON schema that pydantic makes of the field."""
    schema = model.model_json_schema()["properties"][name]
    one = next(kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null")
    if "enum" in one:
        return ", ".join(one["enum"])
    if one["type"] == "string":
        return str(one.get("format", "text"))
    words = {"number": "number", "integer": "whole number", "boolean": "true or false"}[one["type"]]
    above, low, high = one.get("exclusiveMinimum"), one.get("minimum"), one.get("maximum")
    limits = [f"above {above}"] if above is not None else [f"from {low}"] if low is not None else []
    return " ".join([words, *limits, *([f"to {high}"] if high is not None else [])])


def _default_of(model: type[BaseSettings], name: str) -> str:
    field = model.model_fields[name]
    if field.default_factory is not None:
        return "`HANDBILL_SIMULATOR_URL`"
    if field.default is None:
        return ""
    if field.default == PAYERS_OF_THE_DEMO:
        return "`deploy/demo/payers`"
    default = field.default
    return f"`{default.isoformat() if isinstance(default, datetime) else str(default).replace('False', 'false')}`"
