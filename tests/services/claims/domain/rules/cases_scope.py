"""Cases of the rules about scope and about what modifiers say."""

from dataclasses import replace

from services.claims.domain.scrubber_input import PastClaim, PastLine
from tests.services.claims.domain.rules.clean_claims import (
    CHIROPRACTOR,
    DAY,
    MASSAGE,
    PHYSICAL,
    all_of,
    billed,
    billing,
    claim,
    diagnosed,
    history,
    payer,
    profile,
    provider,
)

ASSISTANT, OCCUPATIONAL, ACUPUNCTURE, NATUROPATH, PHYSICIAN, CLINIC, TRAINER = (
    "225200000X", "225X00000X", "171100000X", "175F00000X", "208100000X", "261QP2000X", "2255A2300X",
)  # fmt: skip
NOTHING_SAID = payer(procedures_by_taxonomy=())


def by(taxonomy, *codes, state="WA"):
    """Procedures by somebody of this taxonomy, for a payer that has not said what it pays."""
    work = billed(*((code, None) for code in codes))
    return all_of(NOTHING_SAID, provider(taxonomy=taxonomy), billing(state=state), work)


def carries(code, *modifiers, taxonomy=MASSAGE, minutes=30):
    return all_of(provider(taxonomy=taxonomy), billed((code, minutes), modifiers={code: list(modifiers)}))


def billed_before(*codes):
    """Another claim of this patient and day."""
    lines = tuple(PastLine(code, 1) for code in codes)
    return lambda context: history(
        claims=(
            PastClaim(
                claim_id="clm_0000",
                payer_id=context.claim.payer_id,
                therapist_id=context.claim.therapist_id,
                date_of_service=DAY,
                lines=lines,
                outcome="none",
                taxonomy=context.provider.taxonomy,
            ),
        )
    )(context)


def adjusted(*modifiers, first="M99.03", program="medicare"):
    """A Medicare chiropractor's adjustment."""
    return all_of(
        profile(program), carries("98940", *modifiers, taxonomy=CHIROPRACTOR, minutes=None), diagnosed(first, "M54.59")
    )


def without_diagnoses(context):
    return replace(context, claim=replace(context.claim, diagnoses=()))


FOUND = {
    "not_a_rendering_provider": [
        ("a physical therapy assistant", provider(taxonomy=ASSISTANT)),
        ("an occupational therapy assistant", provider(taxonomy="224Z00000X")),
        ("a clinic", provider(taxonomy=CLINIC)),
    ],
    "procedure_outside_scope": [
        *(
            (f"{code} by a massage therapist", by(MASSAGE, code))
            for code in (
                "99213",
                "97110",
                "97112",
                "97012",
                "97035",
                "98925",
                "97530",
                "97161",
                "G0283",
                "98940",
                "97750",
                "97810",
                "20560",
                "97139",
                "97032",
            )
        ),
        ("whirlpool by a massage therapist in Oregon", by(MASSAGE, "97022", state="OR")),
        ("an adjustment by a physical therapist", by(PHYSICAL, "98940")),
        ("an office visit by a physical therapist", by(PHYSICAL, "99213")),
        ("an occupational evaluation by a physical therapist", by(PHYSICAL, "97165")),
        ("a physical evaluation by an occupational therapist", by(OCCUPATIONAL, "97161")),
        ("needles by an occupational therapist", by(OCCUPATIONAL, "20560")),
        ("exercise by an acupuncturist", by(ACUPUNCTURE, "97110")),
        ("massage by an acupuncturist where the law does not say so", by(ACUPUNCTURE, "97124", state="TX")),
        ("a physical evaluation by a chiropractor", by(CHIROPRACTOR, "97161")),
        ("an adjustment by a naturopath", by(NATUROPATH, "98940")),
        ("a test by a trainer", by(TRAINER, "97750")),
        ("Medicare, exercise by a chiropractor", all_of(profile("medicare"), carries("97110", taxonomy=CHIROPRACTOR))),
        ("Medicare, needles", all_of(profile("medicare"), carries("97810", taxonomy=ACUPUNCTURE, minutes=None))),
        ("GY for another payer", all_of(profile("wa_lni"), carries("97140", "GY"))),
        ("manual therapy for Labor and Industries", all_of(billed(("97140", 30)), profile("wa_lni"))),
        (
            "what the payer does not name",
            all_of(by(PHYSICAL, "97140"), payer(procedures_by_taxonomy=((PHYSICAL, ("97110",)),))),
        ),
    ],
    "modifiers_exclude_each_other": [
        *(
            (" with ".join(pair), carries("97124", *pair))
            for pair in (
                ("59", "XS"),
                ("XE", "XU"),
                ("GP", "GO"),
                ("GA", "GY"),
                ("GA", "GZ"),
                ("GX", "GA"),
                ("LT", "RT"),
                ("50", "LT"),
                ("95", "GT"),
                ("76", "77"),
                ("CQ", "CO"),
            )
        ),
    ],
    "modifier_separates_nothing": [
        ("59 on one line alone", carries("97124", "59")),
        ("XS on massage beside exercise", billed(("97110", 30), ("97124", 30), modifiers={"97124": ["XS"]})),
    ],
    "modifier_of_another_plan": [
        ("GP by an occupational therapist", carries("97530", "GP", taxonomy=OCCUPATIONAL)),
        ("GO by a physical therapist", carries("97530", "GO", taxonomy=PHYSICAL)),
        ("GN on massage", carries("97124", "GN")),
    ],
    "modifier_of_assistant_without_plan": [
        ("CQ alone", carries("97530", "CQ", taxonomy=PHYSICAL)),
        ("CO with GP", carries("97530", "CO", "GP", taxonomy=OCCUPATIONAL)),
    ],
    "modifier_of_another_assistant": [
        ("CQ on massage", carries("97124", "CQ", "GP")),
        ("CO by a physical therapist", carries("97530", "CO", taxonomy=PHYSICAL)),
        ("CQ by an occupational therapist", carries("97530", "CQ", taxonomy=OCCUPATIONAL)),
    ],
    "modifier_side_on_therapy": [
        ("RT on massage", carries("97124", "RT")),
        ("50 on exercise", carries("97110", "50", taxonomy=PHYSICAL)),
    ],
    "modifier_repeats_nothing": [
        ("76 on the only claim", carries("97124", "76")),
        ("76 beside another procedure's claim", all_of(carries("97124", "76"), billed_before("97110"))),
    ],
    "modifier_telehealth_by_place": [("95 in the office", carries("97110", "95", taxonomy=PHYSICAL))],
    "modifier_at_elsewhere": [("on massage", carries("97124", "AT"))],
    "chiropractic_maintenance": [("no AT", adjusted())],
    "chiropractic_subluxation_first": [
        ("the complaint first", adjusted("AT", first="M54.6")),
        ("a rib first", adjusted("AT", first="M99.08")),
        ("an Advantage plan", adjusted("AT", first="M54.6", program="medicare_advantage")),
    ],
}

PASSES = {
    "not_a_rendering_provider": [("a trainer", provider(taxonomy=TRAINER)), ("unheard of", provider(taxonomy="1X"))],
    "procedure_outside_scope": [
        (
            "Medicare, exercise by a chiropractor for a denial",
            all_of(profile("medicare"), carries("97110", "GY", taxonomy=CHIROPRACTOR)),
        ),
        ("Medicare, an adjustment", adjusted("AT")),
        ("an Advantage plan", all_of(profile("medicare_advantage"), carries("97110", taxonomy=CHIROPRACTOR))),
        ("massage, manual therapy and packs", by(MASSAGE, "97124", "97140", "97010")),
        ("whirlpool by a massage therapist in Washington", by(MASSAGE, "97022")),
        ("a physical therapist's day", by(PHYSICAL, "97161", "97110", "97140", "G0283", "97750", "97150", "20560")),
        ("an orthopedic specialist", by("2251X0800X", "97161", "97110")),
        ("an occupational therapist's day", by(OCCUPATIONAL, "97165", "97530", "97535", "97129")),
        ("a chiropractor's day", by(CHIROPRACTOR, "98941", "98943", "97110", "97124", "99213", "97012")),
        ("an acupuncturist's day", by(ACUPUNCTURE, "97810", "97811", "97026")),
        ("Asian massage in Washington", by(ACUPUNCTURE, "97124")),
        ("a physician's day", by(PHYSICIAN, "98925", "97110", "97140", "99213")),
        ("a naturopath's day", by(NATUROPATH, "98926", "97124", "97140", "99214")),
        ("what this payer pays a massage therapist", billed(("97112", 30))),
        ("massage for Labor and Industries", all_of(billed(("97124", 30)), profile("wa_lni"))),
        ("a code that nobody knows", by(MASSAGE, "97999")),
        ("a taxonomy of no discipline", by("999999999X", "99213")),
    ],
    "manual_therapy_by_massage_therapist": [
        (
            "the payer has named what it pays",
            all_of(billed(("97140", 30)), payer(manual_therapy_by_massage_therapist="ask")),
        ),
    ],
    "modifiers_exclude_each_other": [
        ("GP and CQ", carries("97530", "GP", "CQ", taxonomy=PHYSICAL)),
        ("GX and GY", carries("97124", "GX", "GY")),
    ],
    "modifier_separates_nothing": [
        ("an edit of this claim", billed(("98940", None), ("97124", 30), modifiers={"97124": ["59"]})),
        ("an edit with another claim of the day", all_of(carries("97124", "59"), billed_before("98940"))),
        ("a pair that the sample may lack", billed(("97530", 30), ("97116", 30), modifiers={"97116": ["59"]})),
    ],
    "modifier_of_another_plan": [
        ("GO by an occupational therapist", carries("97530", "GO", taxonomy=OCCUPATIONAL)),
        ("GP on massage", carries("97124", "GP")),
        ("an evaluation has its own", carries("97165", "GO", taxonomy=OCCUPATIONAL, minutes=None)),
        ("nobody knows the discipline", carries("97124", "GO", taxonomy="999999999X")),
    ],
    "modifier_of_assistant_without_plan": [("CQ with GP", carries("97530", "CQ", "GP", taxonomy=PHYSICAL))],
    "modifier_of_another_assistant": [
        ("CQ by a physical therapist", carries("97530", "CQ", "GP", taxonomy=PHYSICAL)),
        ("CO by an occupational therapist", carries("97530", "CO", "GO", taxonomy=OCCUPATIONAL)),
        ("a discipline that is not known", carries("97530", "CQ", "GP", taxonomy="103T00000X")),
    ],
    "modifier_side_on_therapy": [("a code that nobody knows", carries("97999", "RT"))],
    "modifier_repeats_nothing": [
        ("another claim of the day has it", all_of(carries("97124", "76"), billed_before("97124"))),
    ],
    "modifier_telehealth_by_place": [
        ("by video", all_of(carries("97110", "95", taxonomy=PHYSICAL), claim(place_of_service="10"))),
    ],
    "modifier_at_elsewhere": [("on an adjustment", carries("98941", "AT", taxonomy=CHIROPRACTOR, minutes=None))],
    "chiropractic_maintenance": [
        ("with AT", adjusted("AT")),
        ("maintenance with a notice", adjusted("GA")),
        ("another program", all_of(carries("98940", taxonomy=CHIROPRACTOR, minutes=None))),
    ],
    "chiropractic_subluxation_first": [
        ("the neck", adjusted("AT", first="M99.01")),
        ("no diagnosis at all", all_of(adjusted("AT"), without_diagnoses)),
        ("exercise alone", all_of(profile("medicare"), carries("97110", taxonomy=PHYSICAL), diagnosed("M54.6"))),
    ],
}
