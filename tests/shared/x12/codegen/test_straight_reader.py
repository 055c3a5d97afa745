"""Straight-line reading gives what the general function gives, for loops like those before and for any others."""

# Segments are laid out as tables, made to be read across.
# ruff: noqa: E501

import traceback

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.x12_files import claims, remittances
from shared import x12
from shared.x12.codegen import straight_reader
from shared.x12.codegen.compiled_guide import compiled_guide
from shared.x12.codegen.straight_reader import AdaptiveReader
from shared.x12.model.envelope import Delimiters
from tests.shared.x12.fuzz import seeds

FILES = {"837P": b"".join(claims(25_000, 25)), "835": b"".join(remittances(25_000, 25))}
# Segments that a loop of these files may have and has not, or has at another place.
OTHERS = {
    "837P": (b"REF*G1*A1", b"REF*9F*R1", b"DTP*431*D8*20250101", b"NTE*ADD*TEXT", b"AMT*F5*5", b"REF*6R*1", b"K3*TEXT",
             b"PWK*OZ*EL***AC*A1", b"DTP*472*D8*20250101", b"NM1*DN*1*OAKES*WREN", b"PRV*PE*PXC*225700000X", b"HI*BG:17"),
    "835": (b"CAS*CO*45*1", b"CAS*PR*1*1**2*3", b"REF*G1*A1", b"REF*6R*1", b"DTM*150*20250101", b"LQ*HE*N1", b"QTY*ZK*1",
            b"AMT*B6*1", b"AMT*T*1", b"REF*1L*G1", b"DTM*050*20260101", b"NM1*82*1*OAKES*WREN****XX*1234567893", b"SVC*HC:1*0*0"),
}  # fmt: skip


def fresh(type_):
    """Nothing is known of the loops of a transaction set."""
    compiled = compiled_guide(type_, Delimiters())
    compiled.readers.clear()
    for step in compiled.steps.values():
        step.moves.clear()
    compiled.rests.clear()
    return compiled


def at_once(data):
    return list(x12.read(data, strict=True))


def slowly(data):
    return list(x12.read(data, strict=True, limits=x12.Limits(record_bytes=0)))


def functions(compiled):
    return {loop.id: reader.functions for loop, reader in compiled.readers.items() if reader is not None}


@pytest.mark.parametrize(("type_", "loop"), [("837P", "2300"), ("837P", "2000B"), ("835", "2100")])
def test_loops_that_come_again_are_read_straight(type_, loop):
    compiled = fresh(type_)
    assert at_once(FILES[type_]) == slowly(FILES[type_])
    assert functions(compiled)[loop] > 0
    (reader,) = [one for one in compiled.readers.values() if one is not None and one.loop.id == loop]
    assert reader.read != reader.read_generally


@pytest.mark.parametrize("name", sorted(seeds.own()))
def test_every_file_many_times_over_gives_the_same_events(name):
    """After some times its loops are read by functions made for them."""
    data = seeds.own()[name]
    expected = slowly(data)
    assert [at_once(data) == expected for _ in range(16)] == [True] * 16


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_changed_loop_among_others_gives_the_same_events(data):
    type_ = data.draw(st.sampled_from(sorted(FILES)))
    if data.draw(st.booleans()):
        fresh(type_)
    segments = FILES[type_].split(b"~")
    for _ in range(data.draw(st.integers(1, 6))):
        here, there = (data.draw(st.integers(3, len(segments) - 5)) for _ in range(2))
        match data.draw(st.sampled_from(["leave out", "double", "exchange", "put in", "cut", "empty"])):
            case "leave out":
                del segments[here]
            case "double":
                segments.insert(here, segments[here])
            case "exchange":
                segments[here], segments[here + 1] = segments[here + 1], segments[here]
            case "put in":
                for at in (here, there)[: data.draw(st.integers(1, 2))]:
                    segments.insert(at, data.draw(st.sampled_from(OTHERS[type_])))
            case "cut":
                segments[here] = segments[here][: data.draw(st.integers(2, len(segments[here]) or 2))]
            case _:
                segments[here] = segments[here].replace(b"*", b"**", 1)
    changed = b"~".join(segments)
    assert at_once(changed) == slowly(changed)


def test_a_loop_is_not_learned_for_ever():
    """A hostile file may hold any number of codes; each function takes memory and time."""
    compiled = fresh("835")
    codes = [
        f"REF*{code}*1".encode() for code in ("1S", "APC", "BB", "E9", "G1", "G3", "LU", "RB", "0B", "1A", "1B", "1C")
    ]
    codes += [f"AMT*{code}*1".encode() for code in ("KH", "T", "T2", "ZK", "ZL", "ZM", "ZN", "ZO")]
    codes += [f"QTY*{code}*1".encode() for code in ("ZK", "ZL", "ZM", "ZN", "ZO")]
    segments = FILES["835"].split(b"~")
    lines = [at for at, segment in enumerate(segments) if segment.startswith(b"SVC*")]
    for at, code in zip(lines[::-1], codes * 9, strict=False):
        end = next(next_ for next_ in range(at + 1, len(segments)) if segments[next_][:3] in (b"SVC", b"CLP", b"SE*"))
        segments.insert(end, code)
    changed = b"~".join(segments)
    assert at_once(changed) == slowly(changed)
    (claim,) = [one for one in compiled.readers.values() if one is not None and one.loop.id == "2100"]
    inner = [one for one in claim.source.names.values() if isinstance(one, AdaptiveReader)]
    assert inner
    assert all(one.functions <= straight_reader.MOST_FUNCTIONS for one in inner)


def test_a_traceback_shows_the_line_of_a_generated_function():
    compiled = fresh("835")
    at_once(FILES["835"])
    (reader,) = [one for one in compiled.readers.values() if one is not None and one.loop.id == "2100"]
    with pytest.raises(ValueError, match=r"^$") as caught:
        reader.read([b"CLP*", b""], 0, [b"CLP", b""], {})
    shown = "".join(traceback.format_exception(caught.value))
    assert 'File "<x12 straight reader of 835 2100>"' in shown
    assert "if not parts[-1]: raise ValueError" in shown


@pytest.mark.parametrize(("type_", "loop", "head"), [("837P", "2300", b"HI*"), ("835", "2100", b"DTM*050")])
def test_what_a_loop_has_more_than_those_before_is_learned(type_, loop, head):
    """Otherwise every loop that has it would be read segment by segment."""
    compiled = fresh(type_)
    at_once(FILES[type_])
    assert functions(compiled)[loop] == 1
    more = {"837P": b"REF*G1*A1~", "835": b"REF*1L*G1~REF*CE*TEXT~"}[type_]
    assert at_once(FILES[type_].replace(b"~" + head, b"~" + more + head)) is not None
    assert functions(compiled)[loop] == 2
