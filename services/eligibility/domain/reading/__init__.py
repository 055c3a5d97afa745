"""Reading a 271 for massage: from typed records to one massage benefit.

Source: X12 005010X279A1 (EB, HSD, MSG) and the CAQH CORE data content rule. `rows` finds which rows
speak of massage, `coverage` whether it is covered, `amounts` what the patient pays, `visits` how often; `benefit` puts
it together.
"""

from services.eligibility.domain.reading.benefit import read_benefit
from services.eligibility.domain.reading.rows import answering_service_type

__all__ = ["answering_service_type", "read_benefit"]
