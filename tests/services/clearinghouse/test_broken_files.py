"""Broken and odd files never break the simulator: they are taken, answered or refused, and the days go on.

One letter that cannot be written back must not keep a day's remittance from everybody, so files are broken at random
places (with a fixed seed), and after each few the clock moves three weeks.
"""

import random
from datetime import timedelta

import msgspec
import pytest

from services.clearinghouse.app import build
from services.clearinghouse.domain.sanitize import sanitize, sanitize_record
from services.clearinghouse.flows import Dependencies, answer_inquiry, clock, receive_file
from shared.errors import Problem
from shared.settings import SimulatorSettings
from tests.services.clearinghouse.x12_files import (
    GRACE,
    NADIA,
    ROSALIND,
    SENDER,
    claim,
    claims_file,
    question,
    questions_file,
    service_line,
)

PIECES = [b"", b"X", b"0", b"-5", b"9" * 20, b"A" * 300, b"20260231", b"1.5", b"\xc3\xa9", b"\xff", b"::", b"^^", b"AA"]
FILES = 60


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def deps(make_settings):
    app = build(make_settings("clearinghouse"), simulator=SimulatorSettings())
    yield app.state.dependencies[Dependencies]
    app.state.database.close()


def _broken(content: bytes, chance: random.Random) -> bytes:
    segments = content.split(b"~")
    for _blow in range(chance.randrange(1, 4)):
        place = chance.randrange(len(segments) - 2)
        elements = segments[place].split(b"*")
        kind = chance.random()
        if kind < 0.15:
            del segments[place]
        elif kind < 0.25:
            segments.insert(place, segments[place])
        else:
            elements[chance.randrange(len(elements))] = chance.choice(PIECES)
            segments[place] = b"*".join(elements)
    whole = bytearray(b"~".join(segments))
    if chance.random() < 0.3:
        whole[chance.randrange(len(whole))] = chance.randrange(256)
    return bytes(whole)


@pytest.mark.parametrize("seed", [1, 2])
def test_broken_files_are_taken_answered_or_refused_and_the_days_go_on(deps, seed):
    chance = random.Random(seed)
    ends = []
    for number in range(1, FILES + 1):
        lines = (service_line("97112", 2), service_line("97140", 2, 2))
        billed = (claim(NADIA, f"K{number}A"), claim(ROSALIND, f"K{number}B"), claim(GRACE, f"K{number}C", *lines))
        try:
            if number % 6 == 0:
                asked = questions_file(question(NADIA), question(ROSALIND), number=number)
                answer_inquiry.answer(deps, SENDER, _broken(asked, chance))
            else:
                receive_file.receive(
                    deps, receive_file.Delivery(SENDER, _broken(claims_file(*billed, number=number), chance))
                )
            ends.append("answered")
        except Problem as problem:
            ends.append(problem.problem_code)
        if number % 10 == 0:
            clock.advance(deps, lambda now: now + timedelta(days=21))
    assert len(ends) == FILES
    assert ends.count("answered") > FILES / 2


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("WHITLOCK", "WHITLOCK"),
        ("Núñez", "Nunez"),
        ("A*B:C^D~E", "A-B-C-D-E"),
        ("tab\there", "tab-here"),
        ("李", "-"),
        ("", ""),
    ],
)
def test_text_loses_accents_and_what_else_cannot_be_written_becomes_a_hyphen(text, made):
    assert sanitize(text) == made


def test_a_record_of_plain_text_stays_as_it_is():
    assert sanitize_record(claim(ROSALIND)) == claim(ROSALIND)


def test_a_name_keeps_its_letters_without_the_accents():
    party = msgspec.structs.replace(claim().subscriber.party, first="NÁDIA")
    subscriber = msgspec.structs.replace(claim().subscriber, party=party)
    assert sanitize_record(msgspec.structs.replace(claim(), subscriber=subscriber)).subscriber.party.first == "NADIA"
