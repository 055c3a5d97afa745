"""The page of safeguards says what the tests prove, and no row of it is empty."""

from tests.safeguards.page import PAGE, TOP, Mark, groups, marks, page

ROWS = [row for group in groups() for row in group.rows]


def test_the_page_is_what_the_marks_say() -> None:
    assert PAGE.read_text() == page(), "run: make safeguards"


def test_every_row_has_a_test() -> None:
    proved = {mark.id for mark in marks()}
    assert [row.id for row in ROWS if row.id not in proved] == []


def test_every_mark_names_a_row() -> None:
    known = {row.id for row in ROWS}
    assert [mark for mark in marks() if mark.id not in known] == []


def test_every_file_that_a_row_names_is_there() -> None:
    assert [(row.id, one) for row in ROWS for one in row.where if not (TOP / one).is_file()] == []


def test_every_paragraph_of_164_312_and_each_of_the_ten_risks_is_a_row() -> None:
    paragraphs = "(a)(1) (a)(2)(i) (a)(2)(ii) (a)(2)(iii) (a)(2)(iv) (b) (c)(1) (c)(2) (d) (e)(1) (e)(2)(i) (e)(2)(ii)"
    risks = [f"API{number}" for number in range(1, 11)]
    keeping = ["164.310(d)(2)(i)", "164.316(b)(2)", "164.524", "164.528"]
    assert [row.id for row in ROWS] == [*(f"164.312{one}" for one in paragraphs.split()), *keeping, *risks]


def test_marks_are_found_on_functions_and_on_whole_files(tmp_path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_a.py").write_text(
        'import pytest\npytestmark = [pytest.mark.slow, pytest.mark.safeguard("b")]\n'
        '@pytest.mark.safeguard("c", "d")\ndef test_it() -> None: ...\n'
        '@pytest.mark.safeguard("e")\ndef helper() -> None: ...\n'
    )
    (folder / "test_b.py").write_text("def test_without_a_mark() -> None: ...\n")
    assert marks(folder) == [
        Mark("b", "tests/test_a.py", ""),
        Mark("c", "tests/test_a.py", "test_it"),
        Mark("d", "tests/test_a.py", "test_it"),
    ]
