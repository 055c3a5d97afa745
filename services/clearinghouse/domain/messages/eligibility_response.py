"""The 271: what a member may expect, worked out from plan and history on the day of the question.

Rules kept here: a payer answers for the service types its plan knows and with 30 for all others; what is left of a
limit or deductible is counted from claims, so it changes as they are paid; an authorization that is only wanted from a
later visit is U with a text, never N. Who is not found is told which of id, birth date or name does not fit (AAA).
"""

from datetime import date
from decimal import Decimal

from services.clearinghouse.domain.accumulators import Used
from services.clearinghouse.domain.payer_configuration import Member, OtherPays, Payer, Plan, match_key
from services.clearinghouse.domain.scenarios import split_member_id
from shared import x12
from shared.wire.basic_character_set import FIRST_NAME_MAX_LENGTH, LAST_NAME_MAX_LENGTH, to_basic

PLAN_NAME_MAX_LENGTH = 50  # EB05
CALENDAR_YEAR, VISIT, REMAINING = "23", "27", "29"
RELATIONS = {"spouse": "01", "child": "19", "employee": "20", "other": "21"}


def asked_types(inquiry: x12.EligibilityInquiry) -> tuple[str, ...]:
    """The service types of a question, 30 when it names none."""
    asked = dict.fromkeys(kind for question in inquiry.questions for kind in question.service_types)
    return tuple(asked) or ("30",)


def day_asked(inquiry: x12.EligibilityInquiry, today: date) -> date:
    """The date that is asked about, today when the question names none."""
    periods = inquiry.patient.dates + inquiry.subscriber.dates
    return next((period.start for period in periods if period.qualifier == "291" and period.start), today)


def payer_not_here(inquiry: x12.EligibilityInquiry) -> x12.BenefitResponse:
    """AAA 79 on the source: nobody answers eligibility for that payer here."""
    rejection = x12.RequestValidation(valid="N", reason="79", followup="C")
    return x12.BenefitResponse(source=x12.InformationSource(party=inquiry.source.party, rejections=(rejection,)))


def member_not_found(inquiry: x12.EligibilityInquiry, reason: str) -> x12.BenefitResponse:
    """AAA on the subscriber or, for a dependent, on the dependent: 75 not found, 71 birth date, 73 name."""
    rejection = (x12.RequestValidation(valid="N", reason=reason, followup="C"),)
    subscriber = _echo(inquiry.subscriber, "IL", () if inquiry.dependent else rejection)
    dependent = _echo(inquiry.dependent, "03", rejection) if inquiry.dependent else None
    return x12.BenefitResponse(
        source=inquiry.source, receiver=inquiry.receiver, subscriber=subscriber, dependent=dependent
    )


def find_member(payer: Payer, inquiry: x12.EligibilityInquiry) -> Member | str:
    """The member who is asked about, or the AAA reason why there is none."""
    people = payer.members_with_id(split_member_id(inquiry.subscriber.party.id)[1])
    if not people:
        return "75"
    party = inquiry.patient.party
    born = [member for member in people if party.birth_date in (None, member.birth_date)]
    if not born:
        return "71"
    named = [member for member in born if not party.name or match_key(member.last_name) == match_key(party.name)]
    return named[0] if named else "73"


def benefits_of(
    payer: Payer, member: Member, used: Used, inquiry: x12.EligibilityInquiry, today: date
) -> x12.BenefitResponse:
    """The whole answer for a member who was found."""
    day = day_asked(inquiry, today)
    plan = payer.plan_of(member)
    benefits: tuple[x12.BenefitInformation, ...]
    if not member.covered_on(day):
        benefits = (x12.BenefitInformation(information="6", service_types=("30",)),)
    else:
        known = tuple(kind for kind in asked_types(inquiry) if kind in plan.service_types)
        benefits = _active(plan, member, used, known or ("30",), day)
    subscriber, dependent = _people(inquiry, member)
    return x12.BenefitResponse(
        source=x12.InformationSource(
            party=x12.Party(
                entity="PR", kind="2", name=to_basic(payer.name, LAST_NAME_MAX_LENGTH), id_qualifier="PI", id=payer.id
            )
        ),
        receiver=inquiry.receiver,
        subscriber=subscriber,
        dependent=dependent,
        benefits=benefits,
    )


def _active(
    plan: Plan, member: Member, used: Used, kinds: tuple[str, ...], day: date
) -> tuple[x12.BenefitInformation, ...]:
    network = "Y" if plan.in_network else "N"
    plan_name = to_basic(plan.name, PLAN_NAME_MAX_LENGTH)
    found: list[x12.BenefitInformation] = []
    for kind in kinds:
        # As payers say it: the plan is active, and this one service is not covered.
        if kind == "BE" and not plan.massage_covered:
            found.append(
                x12.BenefitInformation(
                    information="1",
                    coverage_level="IND",
                    service_types=("30",),
                    plan=plan_name,
                )
            )
            found.append(x12.BenefitInformation(information="I", coverage_level="IND", service_types=(kind,)))
            continue
        authorization, messages = _authorization(plan)
        found.append(
            x12.BenefitInformation(
                information="1",
                coverage_level="IND",
                service_types=(kind,),
                plan=plan_name,
                authorization=authorization,
                in_network=network,
                messages=messages,
            )
        )
        found += _sharing(plan, used, kind, day, network)
        found += _limits(plan, used, kind, day, network)
    return tuple(found) + _other_payer(member)


def _authorization(plan: Plan) -> tuple[str, tuple[str, ...]]:
    from_visit = plan.authorization.from_visit
    if from_visit is None:
        return "N", ()
    if from_visit == 1:
        return "Y", ()
    return "U", (f"AUTHORIZATION REQUIRED FROM VISIT {from_visit}",)


def _sharing(plan: Plan, used: Used, kind: str, day: date, network: str) -> list[x12.BenefitInformation]:
    def money(information: str, period: str, cents: int) -> x12.BenefitInformation:
        return x12.BenefitInformation(
            information=information,
            coverage_level="IND",
            service_types=(kind,),
            time_period=period,
            amount_cents=cents,
            in_network=network,
        )

    found = [money("C", CALENDAR_YEAR, plan.deductible_cents)]
    left = max(0, plan.deductible_cents - used.deductible_met_cents(day))
    found.append(money("C", REMAINING, left))
    found.append(money("B", VISIT, plan.copay_cents))
    found.append(
        x12.BenefitInformation(
            information="A",
            coverage_level="IND",
            service_types=(kind,),
            percent=Decimal(plan.coinsurance_basis_points) / 10_000,
            in_network=network,
        )
    )
    if plan.out_of_pocket_cents is not None:
        found.append(money("G", CALENDAR_YEAR, plan.out_of_pocket_cents))
        rest = max(0, plan.out_of_pocket_cents - used.out_of_pocket_met_cents(day))
        found.append(money("G", REMAINING, rest))
    return found


def _limits(plan: Plan, used: Used, kind: str, day: date, network: str) -> list[x12.BenefitInformation]:
    if plan.visit_limit is None:
        return []
    told = [(CALENDAR_YEAR, plan.visit_limit)]
    # Many payers give the limit alone, and a reader must not take it for what is left.
    if plan.tells_visits_left:
        told.append((REMAINING, max(0, plan.visit_limit - used.visits_before(day))))
    return [
        x12.BenefitInformation(
            information="F",
            coverage_level="IND",
            service_types=(kind,),
            time_period=period,
            quantity_qualifier="VS",
            quantity=Decimal(visits),
            in_network=network,
        )
        for period, visits in told
    ]


def _other_payer(member: Member) -> tuple[x12.BenefitInformation, ...]:
    other = member.other_coverage
    if other is None:
        return ()
    party = x12.Party(
        entity="PRP" if other.pays is OtherPays.FIRST else "SEP",
        kind="2",
        name=to_basic(other.payer_name, LAST_NAME_MAX_LENGTH),
        id_qualifier="PI",
        id=other.payer_id,
    )
    return (x12.BenefitInformation(information="R", coverage_level="IND", service_types=("30",), entities=(party,)),)


def _people(inquiry: x12.EligibilityInquiry, member: Member) -> tuple[x12.Member, x12.Member | None]:
    """Subscriber and dependent as the payer has them; the question's traces come back as type 2."""
    dates = [x12.DatePeriod(qualifier="346", start=member.effective_from)]
    if member.effective_to:
        dates.append(x12.DatePeriod(qualifier="347", start=member.effective_to))
    patient = x12.Party(
        entity="IL" if inquiry.dependent is None else "03",
        kind="1",
        name=to_basic(member.last_name, LAST_NAME_MAX_LENGTH),
        first=to_basic(member.first_name, FIRST_NAME_MAX_LENGTH),
        birth_date=member.birth_date,
        gender=member.sex,
        id_qualifier="MI" if inquiry.dependent is None else "",
        id=inquiry.subscriber.party.id if inquiry.dependent is None else "",
    )
    traces = _traces(inquiry.patient)
    if inquiry.dependent is None:
        return x12.Member(party=patient, traces=traces, dates=tuple(dates)), None
    dependent = x12.Member(
        party=patient,
        traces=traces,
        dates=tuple(dates),
        insured="N",
        relationship=RELATIONS.get(member.relation, "21"),
    )
    return _echo(inquiry.subscriber, "IL", ()), dependent


def _echo(member: x12.Member, entity: str, rejections: tuple[x12.RequestValidation, ...]) -> x12.Member:
    """The person as the question had it."""
    party = member.party
    return x12.Member(
        party=x12.Party(
            entity=entity,
            kind=party.kind,
            name=party.name,
            first=party.first,
            id_qualifier=party.id_qualifier,
            id=party.id,
            birth_date=party.birth_date,
            gender=party.gender,
            rejections=rejections,
        ),
        traces=_traces(member),
    )


def _traces(member: x12.Member) -> tuple[x12.Trace, ...]:
    return tuple(x12.Trace(type="2", value=trace.value, originator=trace.originator) for trace in member.traces)
