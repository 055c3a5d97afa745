"""Which element of which segment is which field of which record.

`FIELDS`: segments that fill fields of the loop's record. `ITEMS`: segments that become one entry of a list of it. A key
is the segment id, or `id@Record` where a record has its own way. Each entry is (element number, field, kind). What is
in neither table and has no special binding is kept as a `Segment` in `others`.
"""

from shared.x12.model.bindings.kinds import (
    CODE,
    COMPONENTS,
    COUNT,
    DATE,
    INTEGERS,
    MONEY,
    NUMBER,
    PROCEDURE,
    REPEATED,
    TEXT,
    ElementKind,
)
from shared.x12.model.records import (
    Amount,
    Attachment,
    Note,
    Quantity,
    Reference,
    Rejection,
    Remark,
    ReviewDecision,
    ServiceDelivery,
    Trace,
)
from shared.x12.model.records.parts import Part

Field = tuple[int, str, ElementKind]

PERSON: tuple[Field, ...] = (
    (1, "entity", CODE),
    (2, "kind", CODE),
    (3, "name", TEXT),
    (4, "first", TEXT),
    (5, "middle", TEXT),
    (6, "prefix", TEXT),
    (7, "suffix", TEXT),
    (8, "id_qualifier", CODE),
    (9, "id", TEXT),
)
TRACE: tuple[Field, ...] = ((1, "type", CODE), (2, "value", TEXT), (3, "originator", TEXT), (4, "additional", TEXT))
HEADER: tuple[Field, ...] = (
    (1, "structure", CODE),
    (2, "purpose", CODE),
    (3, "reference", TEXT),
    (4, "created", DATE),
    (5, "created_time", CODE),
    (6, "kind", CODE),
)
PROVIDER: tuple[Field, ...] = ((1, "provider_role", CODE), (2, "taxonomy_qualifier", CODE), (3, "taxonomy", CODE))
SERVICE: tuple[Field, ...] = (
    (1, "procedure", PROCEDURE),
    (2, "charge_cents", MONEY),
    (3, "paid_cents", MONEY),
    (4, "revenue_code", CODE),
    (7, "quantity", NUMBER),
)

FIELDS: dict[str, tuple[Field, ...]] = {
    "NM1": PERSON,
    "N1": ((1, "entity", CODE), (2, "name", TEXT), (3, "id_qualifier", CODE), (4, "id", TEXT)),
    "N3": ((1, "line1", TEXT), (2, "line2", TEXT)),
    "N4": (
        (1, "city", TEXT),
        (2, "state", CODE),
        (3, "postal_code", CODE),
        (4, "country", CODE),
        (7, "subdivision", CODE),
    ),
    "DMG": ((2, "birth_date", DATE), (3, "gender", CODE)),
    "PRV": PROVIDER,
    "BHT": HEADER,
    "CUR@BillingProvider": ((1, "currency_entity", CODE), (2, "currency", CODE)),
    "SBR": (
        (1, "responsibility", CODE),
        (2, "relationship", CODE),
        (3, "group_number", TEXT),
        (4, "group_name", TEXT),
        (5, "insurance_type", CODE),
        (9, "filing_indicator", CODE),
    ),
    "PAT": (
        (1, "relationship", CODE),
        (6, "death_date", DATE),
        (8, "weight_pounds", NUMBER),
        (9, "pregnant", CODE),
    ),
    "PAT@Subscriber": ((6, "death_date", DATE), (8, "weight_pounds", NUMBER), (9, "pregnant", CODE)),
    "OI": ((3, "benefits_assigned", CODE), (4, "patient_signature", CODE), (6, "release", CODE)),
    "LX": ((1, "number", COUNT),),
    "SV1@ServiceLine": (
        (1, "procedure", PROCEDURE),
        (2, "charge_cents", MONEY),
        (3, "unit", CODE),
        (4, "quantity", NUMBER),
        (5, "place_of_service", CODE),
        (7, "pointers", INTEGERS),
        (9, "emergency", CODE),
        (11, "epsdt", CODE),
        (12, "family_planning", CODE),
        (15, "copay_exempt", CODE),
    ),
    "SVD": (
        (1, "payer_id", TEXT),
        (2, "paid_cents", MONEY),
        (3, "procedure", PROCEDURE),
        (5, "quantity", NUMBER),
        (6, "bundled_line", COUNT),
    ),
    "CLP": (
        (1, "claim_number", TEXT),
        (2, "status", CODE),
        (3, "charge_cents", MONEY),
        (4, "paid_cents", MONEY),
        (5, "patient_responsibility_cents", MONEY),
        (6, "filing_indicator", CODE),
        (7, "payer_claim_number", TEXT),
        (8, "facility_code", CODE),
        (9, "frequency", CODE),
        (11, "drg", CODE),
        (12, "drg_weight", NUMBER),
        (13, "discharge_fraction", NUMBER),
    ),
    "SVC@ServicePayment": (
        (1, "procedure", PROCEDURE),
        (2, "charge_cents", MONEY),
        (3, "paid_cents", MONEY),
        (4, "revenue_code", CODE),
        (5, "quantity", NUMBER),
        (6, "submitted", PROCEDURE),
        (7, "submitted_quantity", NUMBER),
    ),
    "SVC": SERVICE,
    "SVC@LineInquiry": tuple(field for field in SERVICE if field[0] != 3),
    "EB": (
        (1, "information", CODE),
        (2, "coverage_level", CODE),
        (3, "service_types", REPEATED),
        (4, "insurance_type", CODE),
        (5, "plan", TEXT),
        (6, "time_period", CODE),
        (7, "amount_cents", MONEY),
        (8, "percent", NUMBER),
        (9, "quantity_qualifier", CODE),
        (10, "quantity", NUMBER),
        (11, "authorization", CODE),
        (12, "in_network", CODE),
        (13, "procedure", PROCEDURE),
        (14, "diagnosis_pointers", INTEGERS),
    ),
    "EQ": (
        (1, "service_types", REPEATED),
        (2, "procedure", PROCEDURE),
        (3, "coverage_level", CODE),
        (5, "diagnosis_pointers", INTEGERS),
    ),
    "INS": (
        (1, "insured", CODE),
        (2, "relationship", CODE),
        (3, "maintenance", CODE),
        (4, "maintenance_reason", CODE),
        (17, "birth_sequence", COUNT),
    ),
    "III@AdditionalInformation": ((1, "qualifier", CODE), (2, "code", CODE), (3, "category", CODE), (4, "text", TEXT)),
    "AK1": ((1, "functional_id", CODE), (2, "group_control_number", TEXT), (3, "version", CODE)),
    "AK2": ((1, "type", CODE), (2, "control_number", TEXT), (3, "version", CODE)),
    "IK3": ((1, "segment", CODE), (2, "position", COUNT), (3, "loop", CODE), (4, "code", CODE)),
}

ITEMS: dict[str, tuple[str, type[Part], tuple[Field, ...]]] = {
    "REF": (
        "references",
        Reference,
        ((1, "qualifier", CODE), (2, "value", TEXT), (3, "description", TEXT), (4, "also", COMPONENTS)),
    ),
    "AMT": ("amounts", Amount, ((1, "qualifier", CODE), (2, "amount_cents", MONEY))),
    "QTY": ("quantities", Quantity, ((1, "qualifier", CODE), (2, "quantity", NUMBER))),
    "LQ": ("remarks", Remark, ((1, "qualifier", CODE), (2, "code", CODE))),
    "PWK": ("attachments", Attachment, ((1, "report", CODE), (2, "transmission", CODE), (6, "control_number", TEXT))),
    "NTE": ("notes", Note, ((1, "kind", CODE), (2, "text", TEXT))),
    "AAA": ("rejections", Rejection, ((1, "valid", CODE), (3, "reason", CODE), (4, "followup", CODE))),
    "TRN": ("traces", Trace, TRACE),
    "HSD": (
        "deliveries",
        ServiceDelivery,
        (
            (1, "quantity_qualifier", CODE),
            (2, "quantity", NUMBER),
            (3, "frequency_period", CODE),
            (4, "frequency", NUMBER),
            (5, "period_qualifier", CODE),
            (6, "periods", NUMBER),
            (7, "pattern", CODE),
            (8, "time", CODE),
        ),
    ),
}
# Segments that fill one field with a part of its own.
SINGLES: dict[str, tuple[str, type[Part], tuple[Field, ...]]] = {
    "TRN@Remittance": ("trace", Trace, TRACE),
    "TRN@StatusInquiry": ("trace", Trace, TRACE),
    "TRN@ClaimStatus": ("trace", Trace, TRACE),
    "HCR": (
        "decision",
        ReviewDecision,
        ((1, "action", CODE), (2, "number", TEXT), (3, "reason", CODE), (4, "second_opinion", CODE)),
    ),
}
# Records in which a segment that others give a field to has none, so it is kept among `others`.
KEPT = {"HSD@Review", "HSD@ReviewService", "PWK@Review", "PWK@ReviewService", "SV1@ReviewService", "INS@ReviewMember"}
