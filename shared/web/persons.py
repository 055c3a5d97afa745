"""Whose act a request is, and whether she may: asked for every route that writes, before its flow begins.

With an API client's token the client vouches for the `actor` of the body; with a person's own token the actor is that
person, named or not. Either way the role is held against the one table (`shared.roles`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from shared.audit import acted_by
from shared.contracts.common import Actor, Command
from shared.errors import Fault, Forbidden
from shared.roles import DECISIONS, MEANINGS, Permission, may, roles_with
from shared.security.caller import Caller, Person

F = TypeVar("F", bound=Callable[..., Any])
PERMISSION = "handbill_permission"


def permitted(permission: Permission) -> Callable[[F], F]:
    """Says what a role has to be allowed for an endpoint. Put it below the route's own decorator."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, PERMISSION, permission)
        return endpoint

    return mark


def permission_of(endpoint: Callable[..., Any]) -> Permission | None:
    """What `permitted` says of an endpoint; None where the scope is enough."""
    found: Permission | None = getattr(endpoint, PERMISSION, None)
    return found


def with_the_actor(values: dict[str, Any], permission: Permission | None) -> dict[str, Any]:
    """An endpoint's arguments, its commands with the actor that counts. The audit trail is told who acts and why before
    anything is refused. Raises Forbidden."""
    caller = next((value for value in values.values() if isinstance(value, Caller)), None)
    commands = {name: value for name, value in values.items() if isinstance(value, Command)}
    actors = [getattr(command, "actor", None) for command in commands.values()]
    named = [actor for actor in actors if isinstance(actor, Actor)]
    for command in commands.values():
        acted_by(None if caller and caller.person else next(iter(named), None), _reason_of(command))
    if caller is None:
        return values
    if caller.person is None:
        _check_vouched(caller, named, permission)
        return values
    actor = _bearer(caller.person, named, permission)
    told = {
        name: command.model_copy(update={"actor": actor})
        for name, command in commands.items()
        if "actor" in type(command).model_fields
    }
    return values | told


def _reason_of(command: Command) -> str | None:
    reason = getattr(command, "reason", None)
    return reason if isinstance(reason, str) else None


def _check_vouched(caller: Caller, named: list[Actor], permission: Permission | None) -> None:
    if permission is None:
        return
    if caller.persons_decide and permission in DECISIONS:
        raise Forbidden(
            "this organization takes no client's word for who decides: exchange the person's own sign-in for a token "
            "at POST /oauth/token, and send that",
            code="person_required",
        )
    for actor in named:
        if not may(actor.role, permission):
            raise _not_permitted("/body/actor/role", permission)


def _bearer(person: Person, named: list[Actor], permission: Permission | None) -> Actor:
    if any(actor.id != person.user_id for actor in named):
        fault = Fault(
            "/body/actor",
            "actor_not_the_bearer",
            "The token is of another person than the actor.",
            "Leave actor out, or use that person's own token.",
        )
        raise Forbidden("with a person's token the actor is that person", code="actor_not_the_bearer", errors=[fault])
    if permission is not None and (person.emergency or person.role_for(permission) is None):
        raise _not_permitted("/body/actor", permission)
    return person.acting(permission)


def _not_permitted(pointer: str, permission: Permission) -> Forbidden:
    roles = " or ".join(roles_with(permission))
    fault = Fault(
        pointer, "role_not_permitted", "This role may not do that.", f"Let a person with the role {roles} do it."
    )
    return Forbidden(f"only {roles} may {MEANINGS[permission]}", code="role_not_permitted", errors=[fault])
