"""Who is behind a request, as flows see it: an API client, the person who came in through it if there is one, and whose
rows they may see."""

from dataclasses import dataclass

from shared.contracts.common import Actor, License
from shared.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Person:
    """A user of an organization, as a token names her. `emergency` is the reason of one who reads beyond her roles."""

    user_id: str
    name: str
    roles: tuple[Role, ...]
    therapist_id: str | None = None
    licenses: tuple[License, ...] = ()
    emergency: str | None = None

    def role_for(self, permission: Permission) -> Role | None:
        """The first of her roles that may do that; None where none may."""
        return next((role for role in self.roles if may(role, permission)), None)

    def acting(self, permission: Permission | None = None) -> Actor:
        """Her name in what she does, in the role by which she may."""
        role = self.role_for(permission) if permission else None
        return Actor(id=self.user_id, name=self.name, role=role or self.roles[0])


@dataclass(frozen=True, slots=True)
class Caller:
    """What a verified token says of its bearer. `time_zone` is the organization's, an IANA name. With `persons_decide`
    the organization takes no client's word for who decides."""

    organization_id: str
    client_id: str
    time_zone: str
    scopes: frozenset[str]
    person: Person | None = None
    persons_decide: bool = False

    @property
    def bearer(self) -> str:
        """Who the token is of: two persons of one client are two."""
        return f"{self.client_id}|{self.person.user_id}" if self.person else self.client_id
