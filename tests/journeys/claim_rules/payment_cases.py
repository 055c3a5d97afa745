"""Cases of what is paid together and to whom: edits between procedures, the provider, people on the wire, coverage."""

from tests.journeys.claim_rules.baselines import CHIROPRACTOR, PHYSICAL_THERAPIST, order, treated_by, work
from tests.journeys.claim_rules.case import Case, new_note, nothing, override, void
from tests.journeys.claim_rules.office import Facts

MANUAL_PAID: Facts = {"payer": {"manual_therapy_by_massage_therapist": "pays"}}
BY_PHYSICAL_THERAPIST = treated_by(PHYSICAL_THERAPIST)
ADJUSTED = treated_by(CHIROPRACTOR)


def did(*techniques: Facts, **note: object) -> Facts:
    return new_note(techniques=list(techniques), **note)


def left_off(*procedure_codes: str) -> Facts:
    return {"claim": {"left_off": list(procedure_codes)}}


def separated(procedure_code: str, modifier: str = "59") -> Facts:
    return {"claim": {"modifiers": {procedure_code: [modifier]}}}


def report(procedure_code: str, minutes: int, region: str = "neck", **more: object) -> Facts:
    """A test with its report."""
    return work(procedure_code, minutes, region, written_report=True, **more)


UNPROVEN = (
    (
        "two_words_for_one_region",
        "59",
        ADJUSTED | did(work("98940", 10, "lumbar"), work("97124", 30, "low back")),
        did(work("98940", 10, "lumbar"), work("97124", 30, "upper back")),
    ),
    (
        "a_word_that_is_not_known",
        "59",
        ADJUSTED | did(work("98940", 10, "usual places"), work("97124", 30, "low back")),
        did(work("98940", 10, "C5-C7"), work("97124", 30, "low back")),
    ),
    (
        "other_times_beside_manipulation",
        "59",
        ADJUSTED | did(work("98940", 15, start_minute=0), work("97124", 30, start_minute=15)),
        did(work("98940", 15, "neck", start_minute=0), work("97124", 30, "low back", start_minute=15)),
    ),
    (
        "a_change_back",
        "59",
        BY_PHYSICAL_THERAPIST
        | did(
            work("97140", 10, start_minute=0), report("97750", 15, start_minute=10), work("97140", 10, start_minute=25)
        ),
        did(work("97140", 20, start_minute=0), report("97750", 15, start_minute=20)),
    ),
    (
        "structure_by_time",
        "XS",
        BY_PHYSICAL_THERAPIST | did(work("97140", 30, start_minute=0), report("97750", 15, start_minute=30)),
        did(work("97140", 30, "neck"), report("97750", 15, "right shoulder")),
    ),
    (
        "one_side",
        "59",
        BY_PHYSICAL_THERAPIST | did(work("97140", 30, "knee", side="left"), report("97750", 15, "knee")),
        did(work("97140", 30, "knee", side="left"), report("97750", 15, "right knee")),
    ),
    (
        "group_in_another_region",
        "59",
        BY_PHYSICAL_THERAPIST | did(work("97150", 20, "knee"), work("97110", 30, "neck")),
        did(work("97150", 20, "knee", start_minute=0), work("97110", 30, "neck", start_minute=20)),
    ),
)
NOT_BILLED = frozenset({"technique_not_billed"})
SAME_PLACE = (work("98940", 10, "neck"), work("97124", 30, "neck"))
TWO_PLACES = (work("98940", 10, "thoracic spine"), work("97124", 30, "neck"))
EDITS = (
    Case(
        "pair_never_together",
        MANUAL_PAID | did(work("97140", 15), work("97124", 30)),
        "/claim/lines/1/procedure_code",
        left_off("97124"),
        leaves=NOT_BILLED,
    ),
    Case(
        "pair_never_together",
        MANUAL_PAID | did(work("97140", 15), work("97124", 30)),
        "/claim/lines/1/procedure_code",
        left_off("97124"),
        branch="payer_without_edits",
        baseline="auto",
        severity="info",
        leaves=NOT_BILLED,
    ),
    Case(
        "pair_needs_modifier",
        ADJUSTED | did(*SAME_PLACE),
        "/claim/lines/1/modifiers",
        left_off("97124"),
        leaves=NOT_BILLED,
    ),
    Case(
        "pair_needs_modifier",
        ADJUSTED | did(*TWO_PLACES),
        "/claim/lines/1/modifiers",
        {"claim": {"modifiers": {"97124": ["59"]}}},
        branch="two_regions",
        submitted=True,
    ),
    Case(
        "pair_modifier_without_proof",
        ADJUSTED | did(*SAME_PLACE) | {"claim": {"modifiers": {"97124": ["59"]}}},
        "/claim/lines/1/modifiers",
        left_off("97124"),
        leaves=NOT_BILLED,
    ),
    Case(
        "pair_modifier_without_proof",
        BY_PHYSICAL_THERAPIST | did(work("97140", 30), report("97750", 15)) | separated("97750"),
        "/claim/lines/1/modifiers",
        did(work("97140", 30, start_minute=0), report("97750", 15, start_minute=30)),
        branch="two_times",
        submitted=True,
    ),
    *(
        Case(
            "pair_modifier_without_proof",
            visit | separated(visit["note"]["techniques"][1]["procedure_code"], modifier),
            "/claim/lines/1/modifiers",
            mended,
            branch=branch,
            beside=frozenset({"group_beside_single"} if "group" in branch else ()),
        )
        for branch, modifier, visit, mended in UNPROVEN
    ),
    Case(
        "pair_modifier_on_column_one",
        ADJUSTED | did(*TWO_PLACES) | {"claim": {"modifiers": {"98940": ["59"]}}},
        "/claim/lines/0/modifiers",
        {"claim": {"modifiers": {"98940": [], "97124": ["59"]}}},
        severity="info",
    ),
    Case(
        "units_unlikely",
        did(work("97124", 75)),
        "/claim/lines/0/units",
        [override],
        leaves=frozenset({"units_unlikely"}),
    ),
    Case(
        "units_unlikely",
        did(work("97124", 75)),
        "/claim/lines/0/units",
        did(work("97124", 57)),
        branch="minutes_wrong",
    ),
    Case(
        "units_above_payers_day",
        BY_PHYSICAL_THERAPIST | {"payer": {"units_a_day": 2}} | did(work("97124", 30), work("97112", 15)),
        "/claim/lines",
        left_off("97112"),
        leaves=NOT_BILLED,
    ),
    Case(
        "procedure_bundled",
        did(work("97124", 15), work("97010", 10)),
        "/claim/lines/1/procedure_code",
        left_off("97010"),
        baseline="medicare_advantage",
        beside=frozenset({"units_unlikely", "reduction_expected"}),
        leaves=NOT_BILLED,
    ),
    Case(
        "procedure_coded_otherwise",
        {"therapist": {"taxonomy": PHYSICAL_THERAPIST}} | did(work("97014", 15)),
        "/claim/lines/0/procedure_code",
        did(work("G0283", 15)),
        baseline="medicare_advantage",
    ),
    Case(
        "procedure_refused",
        BY_PHYSICAL_THERAPIST
        | {"payer": {"procedures_refused": ["97112"]}}
        | did(work("97124", 30), work("97112", 15)),
        "/claim/lines/1/procedure_code",
        left_off("97112"),
        leaves=NOT_BILLED,
    ),
    Case(
        "group_beside_single",
        BY_PHYSICAL_THERAPIST | did(work("97535", 30), work("97150", 20)),
        "/claim/lines/1/procedure_code",
        left_off("97150"),
        leaves=NOT_BILLED,
    ),
)


def credential(status: str, **more: object) -> Facts:
    """What the payer has decided about the therapist."""
    return {"therapist": {"credentials": [{"payer_id": "pay_1", "status": status, **more}]}}


PROVIDER = (
    Case(
        "npi_referring_invalid",
        {"referrals": {"ref_1": order(referring_npi="1234567890")}},
        "/claim/referring_npi",
        {"referrals": {"ref_1": order()}},
    ),
    Case(
        "referring_is_rendering",
        {"referrals": {"ref_1": order(referring_npi="1398520472")}},
        "/claim/referring_npi",
        {"referrals": {"ref_1": order()}},
    ),
    Case(
        "tax_id_invalid",
        {"practice": {"tax_id": "000000000"}},
        "/billing/tax_id",
        {"practice": {"tax_id": "914408127"}},
    ),
    Case(
        "taxonomy_unknown",
        {"therapist": {"taxonomy": "123456789X"}},
        "/provider/taxonomy",
        {"therapist": {"taxonomy": "225700000X"}},
    ),
    Case(
        "license_not_in_force",
        {"therapist": {"license_expires_on": "2026-04-29"}},
        "/provider/license_expires_on",
        {"therapist": {"license_expires_on": "2027-04-29"}},
        submitted=True,
    ),
    Case("credential_not_accepted", credential("not_accepted"), "/provider/credentials", credential("in_network")),
    Case(
        "credential_not_accepted",
        credential("in_network", effective_from="2026-05-01"),
        "/provider/credentials",
        credential("in_network", effective_from="2026-04-01"),
        branch="later",
    ),
    Case(
        "credential_not_accepted",
        credential("pending"),
        "/provider/credentials",
        credential("in_network"),
        branch="pending",
        severity="warn",
    ),
    Case(
        "credential_not_accepted",
        credential("out_of_network"),
        "/provider/credentials",
        [nothing],
        branch="out_of_network",
        severity="info",
    ),
    Case("massage_therapist_not_paid", {"payer": {"massage_therapists": "refuses"}}, "/provider/taxonomy", [void]),
    Case(
        "massage_therapist_not_paid",
        {"payer": {"massage_therapists": "refuses"}},
        "/provider/taxonomy",
        {"payer": {"massage_therapists": "pays"}},
        branch="payer_pays",
    ),
    Case(
        "massage_therapist_not_paid",
        {"payer": {"massage_therapists": "ask"}, "asked": False},
        "/provider/taxonomy",
        {"asked": True},
        branch="not_known",
        severity="warn",
        beside=frozenset({"coverage_not_checked"}),
    ),
    Case(
        "manual_therapy_by_massage_therapist",
        {"payer": {"manual_therapy_by_massage_therapist": "refuses"}} | did(work("97140", 30)),
        "/claim/lines/0/procedure_code",
        did(work("97124", 30)),
    ),
    Case(
        "manual_therapy_by_massage_therapist",
        did(work("97140", 30)),
        "/claim/lines/0/procedure_code",
        MANUAL_PAID,
        branch="not_known",
        severity="warn",
    ),
    Case(
        "massage_and_manual_mixed_up",
        did(work("97124", 30, description="Trigger point release.")),
        "/note/techniques/0/description",
        did(work("97124", 30, description="Effleurage and petrissage.")),
    ),
    Case(
        "massage_and_manual_mixed_up",
        MANUAL_PAID | did(work("97140", 30, description="Swedish strokes.")),
        "/note/techniques/0/description",
        did(work("97124", 30, description="Swedish strokes.")),
        branch="other_way_round",
    ),
    Case(
        "test_without_report",
        BY_PHYSICAL_THERAPIST | did(work("97750", 30, written_report=False)),
        "/claim/lines/0/procedure_code",
        did(work("97750", 30, written_report=True)),
    ),
    Case(
        "test_without_report",
        BY_PHYSICAL_THERAPIST | did(work("97124", 30), work("97750", 30)),
        "/claim/lines/1/procedure_code",
        left_off("97750"),
        branch="not_known",
        severity="warn",
        leaves=NOT_BILLED,
    ),
    Case(
        "hands_on_by_telehealth",
        {"practice": {"place_of_service": "02"}},
        "/claim/lines/0/procedure_code",
        {"practice": {"place_of_service": "11"}},
    ),
    Case(
        "place_unknown",
        {"practice": {"place_of_service": "98"}},
        "/claim/place_of_service",
        {"practice": {"place_of_service": "11"}},
    ),
)


def patient(**more: object) -> Facts:
    return {"patient": more}


ADDRESS = {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"}
PEOPLE = (
    Case("patient_address_missing", patient(address=None), "/patient/address", patient(address=ADDRESS)),
    Case(
        "name_not_sendable",
        patient(name={"last": "\u2665"}),
        "/patient/name/last",
        patient(name={"last": "Heart"}),
        baseline="auto",
    ),
    Case(
        "name_changed_on_wire",
        patient(name={"last": "Łódź"}),
        "/patient/name/last",
        patient(name={"last": "Lodz"}),
        baseline="auto",
    ),
    Case(
        "patient_not_born",
        patient(birth_date="2026-05-01"),
        "/patient/birth_date",
        patient(birth_date="1984-07-19"),
        baseline="auto",
    ),
)


def card(member_id: str, **more: object) -> Facts:
    """Another insurance card: the payer answers for another member."""
    return {"coverage": {"member_id": member_id, **more}}


GOOD = card("HOLLY0001")
COVERAGE = (
    Case(
        "coverage_not_active",
        {"coverage": {"effective_to": "2026-03-31"}},
        "/coverage/effective_to",
        {"coverage": {"effective_to": None}},
        branch="ended",
    ),
    Case(
        "coverage_not_active",
        {"coverage": {"effective_from": "2026-05-01"}},
        "/coverage/effective_from",
        {"coverage": {"effective_from": "2026-04-01"}},
        branch="begins_later",
    ),
    Case("coverage_reported_inactive", card("HOLLYGONE"), "/coverage/status", GOOD),
    Case("massage_not_covered", card("HOLLYNONE"), "/coverage/massage_covered", GOOD),
    Case(
        "visits_used_up",
        card("HOLLYUSED"),
        "/coverage/visits_remaining",
        [override],
        branch="more_granted",
        leaves=frozenset({"visits_used_up"}),
    ),
    Case("visits_used_up", card("HOLLYUSED"), "/coverage/visits_remaining", [void]),
    Case("visits_left_unknown", card("HOLLYLIMIT"), "/coverage/visits_remaining", [nothing]),
    Case("coverage_not_checked", {"asked": False}, "/coverage/checked_on", {"asked": True}),
)

PAYMENT_CASES = (*EDITS, *PROVIDER, *PEOPLE, *COVERAGE)
