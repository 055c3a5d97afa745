"""Looking at generated functions: `python -m shared.x12.codegen`."""

import pytest

from shared.x12.codegen.__main__ import main


def test_the_function_of_a_loop_is_printed(capsys):
    assert main(["835", "2100"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("def read(segments, index, parts, context):\n")
    assert "f_patient_responsibility_cents" in printed


def test_the_function_of_a_segment_is_printed(capsys):
    assert main(["837P", "2000B", "SBR"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "def values(parts):"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["835"], "usage: python -m shared.x12.codegen {837P,835,"),
        (["850", "2100"], "usage: "),
        (["835", "2100", "CLM"], "the 835 has no such segment in loop 2100, or no record is made of it"),
        (["271", "2120C", "LS"], "the 271 has no such segment"),
        (["835", "9999"], "the 835 has no such segment"),
    ],
)
def test_what_names_nothing_is_answered_with_a_sentence_and_status_2(capsys, arguments, said):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith(said)
