"""A message of the clearinghouse in parts, each of one organization: units, their owners, and the X12 of a part."""

from services.claims.domain.message_parts.outline import Outline as Outline
from services.claims.domain.message_parts.outline import outline_of as outline_of
from services.claims.domain.message_parts.part_of_claims import part_of_claims as part_of_claims
from services.claims.domain.message_parts.unit import Unit as Unit
from services.claims.domain.message_parts.unit import UnitKind as UnitKind
from services.claims.domain.message_parts.write_part import Part as Part
from services.claims.domain.message_parts.write_part import View as View
from services.claims.domain.message_parts.write_part import write_part as write_part
