"""The yearly build: what is taken from a published edition, and what is left out."""

from datetime import date

from shared.codesets.icd10.build import known_dates, notes_of, patterns_of, rows_of
from shared.codesets.icd10.excludes import pack_notes, unpack_notes
from shared.codesets.icd10.order_file import OrderRow


class Edition:
    """A published edition of five entries, with the questions that the package answers."""

    TREE = {
        "13": ("chapter", ["M50-M54"], "Musculoskeletal", ["injury (S00-T88)"]),
        "M50-M54": ("block", ["M54"], "Dorsopathies", []),
        "M54": ("category", ["M54.5"], "Dorsalgia", ["psychogenic dorsalgia (F45.41)"]),
        "M54.5": ("code", ["M54.50"], "Low back pain", ["low back strain (S39.012)", "lumbago with sciatica (M54.4-)"]),
        "M54.50": ("code", [], "Low back pain, unspecified", []),
    }

    def _of(self, code):
        return self.TREE[code if code in self.TREE else f"{code[:3]}.{code[3:]}"]

    def get_all_codes(self, with_dots):
        return [code if with_dots else code.replace(".", "") for code in self.TREE]

    def is_category_or_subcategory(self, code):
        return self._of(code)[0] in {"category", "code"}

    def is_chapter(self, code):
        return self._of(code)[0] == "chapter"

    def is_leaf(self, code):
        return not self._of(code)[1]

    def get_children(self, code):
        return self._of(code)[1]

    def get_description(self, code):
        return self._of(code)[2]

    def get_excludes1(self, code):
        return self._of(code)[3]


def test_chapters_and_blocks_are_left_out_and_leaves_are_billable():
    assert rows_of(Edition()) == (
        OrderRow("M54", False, "Dorsalgia"),
        OrderRow("M545", False, "Low back pain"),
        OrderRow("M5450", True, "Low back pain, unspecified"),
    )


def test_excludes1_notes_become_patterns_and_a_chapters_stand_on_its_range():
    notes = notes_of(Edition())
    assert notes == {"M50-M54": ["S00:T88"], "M54": ["F4541"], "M545": ["S39012", "M544"]}
    packed = unpack_notes(pack_notes(notes, "source", "1"))
    assert packed.between("M5450", "S39012A").noted_at == "M545"
    assert packed.between("M5450", "F4541").noted_at == "M54"
    assert packed.between("S134XXA", "M5450").noted_at == "M50-M54"
    assert packed.between("M5450", "M542") is None


def test_only_codes_in_brackets_count():
    assert patterns_of(["M54.2 without brackets", "two (M54.2, M54.6-)", "a range (F45.0-F45.9)", "(see note)"]) == [
        "M542",
        "M546",
        "F450:F459",
    ]


def test_known_dates_are_of_billable_codes_alone():
    rows = [OrderRow(code, code != "M54", "x") for code in ("M54", "M545", "M5450", "M5136", "M51360", "M542")]
    known = known_dates(rows)
    assert known["M5450"][0] == date(2021, 10, 1)
    assert known["M51360"][0] == date(2024, 10, 1)
    assert known["M5136"][1] == date(2024, 9, 30)
    assert known["M545"] == (None, date(2021, 9, 30))
    assert "M54" not in known and "M542" not in known
