"""Whose a record is: no damage to a level gives a record to another subscriber, patient or provider.

`CROWDS` are files of many people in which every record has a mark of its own; `damaged` breaks their HL, NM1, SBR and
dates, and `misattributed` says which record that is `ok` came with the name of somebody else. A name that the damage
itself made is nobody's.

At most one edit falls on each level. Two of them can take away all that tells a level apart (its HL and its NM1); then
what is left is another sound file.
"""

import itertools

from shared import x12
from tests.shared.x12 import examples

PEOPLE = ("ASH", "BIRCH", "CEDAR", "ELDER", "FIR", "GORSE", "HAZEL", "IVY", "LINDEN")
EDITED = (b"HL", b"NM1", b"SBR", b"DTP", b"DTM", b"DMG")
CODES = (b"20", b"21", b"22", b"23", b"19", b"PT", b"EV", b"SS", b"99", b"18", b"P", b"S", b"01", b"D8", b"RD8", b"1")
CODES += (
    b"IL",
    b"QC",
    b"PR",
    b"85",
    b"87",
    b"82",
    b"41",
    b"40",
    b"1P",
    b"03",
    b"X3",
    b"74",
    b"0",
    b"2",
    b"3",
    b"4",
    b"7",
    b"12",
)
CODES += (b"", b"x", b"-1", b"20260230", b"20260224", b"20260224-20260223", b"1234", b"9" * 30)


def crowd():
    """(provider, subscriber, dependent or None, mark): three providers with three subscribers each. One has a
    record, one two dependents with a record each, and one two records.
    """
    marks = (f"MARK{number:02d}" for number in itertools.count(1))
    for at, subscriber in enumerate(PEOPLE):
        dependents = ((None,), (f"{subscriber}SON", f"{subscriber}DOT"), (None, None))[at % 3]
        for dependent in dependents:
            yield ("ALPHA", "BETA", "GAMMA")[at // 3], subscriber, dependent, next(marks)


def person(entity, name, **changes):
    return examples.insured(entity=entity, name=name, **changes)


def claims():
    for provider, subscriber, dependent, mark in crowd():
        billing = examples.msgspec_replace(examples.provider().party, name=provider)
        patient = person("QC", dependent, id_qualifier="", id="") if dependent else None
        yield examples.claim(
            billing_provider=examples.provider(party=billing), claim_number=mark,
            subscriber=examples.subscriber(relationship="" if dependent else "18", party=person("IL", subscriber)),
            patient=x12.PatientLevel(relationship="19", party=patient) if patient else None,
        )  # fmt: skip


def levels(provider):
    found = examples.status_levels()
    return found | {"provider": examples.level("19", "1P", provider, "XX", examples.NPI)}


def plain(entity, name):
    qualifier, number = ("", "") if entity in ("03", "QC") else ("MI", "W100200300")
    return x12.Party(entity=entity, kind="1", name=name, first="A", id_qualifier=qualifier, id=number)


def statuses():
    for provider, subscriber, dependent, mark in crowd():
        yield x12.ClaimStatus(
            **levels(provider), subscriber=plain("IL", subscriber), trace=x12.Trace(type="2", value=mark),
            dependent=plain("QC", dependent) if dependent else None, dates=(examples.day("472"),),
            statuses=(examples.status("F1", "65", cents=20000, paid=8000),), references=(examples.ref("1K", "PCN77"),),
        )  # fmt: skip


def answers():
    for provider, subscriber, dependent, mark in crowd():
        yield x12.BenefitResponse(
            source=x12.InformationSource(party=examples.payer()),
            receiver=x12.InformationReceiver(party=examples.msgspec_replace(examples.asker().party, name=provider)),
            subscriber=examples.member("2", traces=(), dates=(), party=plain("IL", subscriber)),
            dependent=examples.member("2", traces=(), dates=(), party=plain("03", dependent)) if dependent else None,
            benefits=(x12.BenefitInformation(information="1", service_types=("30",), plan=mark),),
        )  # fmt: skip


def reviews():
    for provider, subscriber, dependent, mark in crowd():
        whole = examples.review()
        yield examples.msgspec_replace(
            whole, requester=examples.msgspec_replace(whole.requester, name=provider),
            subscriber=x12.ReviewMember(party=plain("IL", subscriber)),
            dependent=x12.ReviewMember(party=plain("QC", dependent)) if dependent else None,
            traces=(x12.Trace(type="1", value=mark, originator="9HANDBILL0"),),
        )  # fmt: skip


def payments():
    for provider, subscriber, _, mark in crowd():
        rendering = x12.Party(entity="82", kind="1", name=provider, id_qualifier="XX", id=examples.NPI)
        yield examples.payment(mark, parties=(plain("QC", subscriber), rendering))


CROWDS = {
    "837P": examples.write_837p(*claims()),
    "835": examples.write_835(*payments()),
    "271": examples.write_271(*answers()),
    "277": examples.write_277(*statuses()),
    "277CA": examples.write_277ca(examples.write_837p(*claims())),
    "278": examples.write_278(*reviews()),
}


def named(party):
    return party.name if party is not None else None


def owner(record):
    """(mark, provider, subscriber, patient) of a record; None for one without a mark."""
    match record:
        case x12.Claim837P():
            patient = named(record.patient.party) if record.patient else None
            return record.claim_number, named(record.billing_provider.party), named(record.subscriber.party), patient
        case x12.ClaimStatus():
            dependent = named(record.dependent)
            return record.claim_number, named(record.provider.party), named(record.subscriber), dependent
        case x12.BenefitResponse() if record.benefits and record.receiver and record.subscriber:
            dependent = named(record.dependent.party) if record.dependent else None
            mark = record.benefits[0].plan
            return mark, named(record.receiver.party), named(record.subscriber.party), dependent
        case x12.Review() if record.traces and record.requester and record.subscriber:
            dependent = named(record.dependent.party) if record.dependent else None
            return record.traces[0].value, named(record.requester), named(record.subscriber.party), dependent
        case x12.ClaimPayment():
            return record.claim_number, named(record.rendering), named(record.patient), None
    return None


def owners(data):
    """Type and mark -> owner, of the records of a file that are ok."""
    found, type_ = {}, ""
    for event in x12.read(data):
        if isinstance(event, x12.Opened):
            type_ = event.type
        elif isinstance(event, x12.Record) and event.ok:
            one = owner(event.record)
            if one is not None:
                found[type_, one[0]] = one[1:]
    return found


SOUND = {key: names for data in CROWDS.values() for key, names in owners(data).items()}
EVERYBODY = {name for names in SOUND.values() for name in names}


def misattributed(data):
    """Which record came with the name of somebody else, or None."""
    for key, names in owners(data).items():
        right = SOUND.get(key)
        if right is not None:
            for name, own in zip(names, right, strict=True):
                if name != own and name in EVERYBODY and not (key[0] == "835" and name is None):
                    return f"{key}: {names} in place of {right}"
    return None


def damaged(data, chance):
    """One to three edits, each in a level of its own."""
    segments = data.split(b"~")
    # The number of the level that each segment is in.
    level, inside = 0, []
    for segment in segments:
        level += segment[:3] in (b"HL*", b"CLP")
        inside.append(level)
    places = [at for at, segment in enumerate(segments) if segment.partition(b"*")[0] in EDITED]
    taken = set()
    for at in sorted(chance.sample(places, chance.choice((1, 1, 1, 2, 2, 3))), reverse=True):
        if inside[at] not in taken:
            taken.add(inside[at])
            edit(segments, at, chance)
    return b"~".join(segments)


def edit(segments, at, chance):
    """One segment goes, comes twice, changes places with the next, or one part of it or its id is another one."""
    parts = segments[at].split(b"*")
    match chance.randrange(10):
        case 0 | 1:
            del segments[at]
        case 2:
            segments.insert(at, segments[at])
        case 3:
            segments[at : at + 2] = reversed(segments[at : at + 2])
        case 4:
            segments[at] = chance.choice((b"X", b"ZZ", b"NM1", b"SBR", b"N1", b"")) + segments[at][len(parts[0]) :]
        case 5:
            del parts[chance.randrange(len(parts))]
            segments[at] = b"*".join(parts)
        case _:
            # Names stay as they are, or become nobody's.
            one = chance.randrange(1, len(parts)) if len(parts) > 1 else 0
            parts[one] = chance.choice(CODES)
            segments[at] = b"*".join(parts)
