"""A problem says what, where and how to fix it, and prints its own place in the OpenAPI document."""

from shared.errors import PROBLEM_SCHEMA, Conflict, Fault, Malformed, NotFound, Problem, RuleBroken, responses


def test_a_problem_has_the_members_of_rfc_9457_and_ours() -> None:
    fault = Fault("/lines/0/units", "units_zero", "No units.", "Record minutes.")
    body = Malformed("one member is wrong", errors=[fault]).body("urn:handbill:request:r1")
    assert body == {
        "type": "urn:handbill:problem:malformed",
        "title": "The request is not of the form that this route takes",
        "status": 422,
        "code": "malformed",
        "detail": "one member is wrong",
        "instance": "urn:handbill:request:r1",
        "errors": [
            {"pointer": "/lines/0/units", "code": "units_zero", "message": "No units.", "fix": "Record minutes."}
        ],
    }
    versioned = Conflict("it has changed", current_version=3).body()
    assert versioned["current_version"] == 3
    assert set(body) | set(versioned) == set(PROBLEM_SCHEMA["properties"])


def test_a_rules_id_is_the_problems_code() -> None:
    problem = RuleBroken("the note is not signed", code="note_unsigned")
    assert (problem.status, problem.body()["code"]) == (409, "note_unsigned")
    assert problem.body()["type"].endswith(":note_unsigned")


def test_problems_of_one_status_share_one_response() -> None:
    declared = responses(Conflict, RuleBroken, NotFound)
    assert set(declared) == {404, 409}
    assert declared[409]["description"] == "The present state does not allow this / A rule does not allow this"
    schema = declared[404]["content"]["application/problem+json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Problem"}


def test_every_kind_of_problem_has_a_status_a_code_and_a_title_of_its_own() -> None:
    def kinds(of: type[Problem]) -> list[type[Problem]]:
        return [of, *(kind for sub in of.__subclasses__() for kind in kinds(sub))]

    ours = [kind for kind in kinds(Problem) if kind.__module__ == "shared.errors"]
    assert len({kind.code for kind in ours}) == len({kind.title for kind in ours}) == len(ours)
