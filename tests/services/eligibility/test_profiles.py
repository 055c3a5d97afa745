"""Rule profiles: callers see which there are, and a payer names one of them."""

import pytest

from shared.payer_profiles import profile_names
from tests.services.eligibility.conftest import PAYER, Api, a_payer


def test_the_list_holds_every_profile_that_a_payer_may_name(api: Api) -> None:
    listed, following = [], ""
    while following is not None:
        page = api.get(f"profiles?limit=5{following and '&after=' + following}").json()
        listed, following = [*listed, *page["items"]], page["next"]
    assert [one["name"] for one in listed] == list(profile_names())
    for place, one in enumerate(listed):
        assert api.put(f"payers/pay_{place:05d}", a_payer(profile=one["name"])).status_code == 201
    [lni] = [one for one in listed if one["name"] == "wa_lni"]
    assert (lni["program"], lni["state"]) == ("workers_comp", "WA")
    assert all(one["title"] and one["program"] and one["source"] for one in listed)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("comercial", "Did you mean commercial? GET /v1/profiles lists them all."),
        ("moon_health", "GET /v1/profiles lists them all."),
    ],
)
def test_a_profile_that_does_not_exist_is_refused_where_the_payer_is_put(api: Api, name: str, fix: str) -> None:
    for known in (False, True):
        answer = api.put(f"payers/{PAYER}", a_payer(profile=name))
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"], error["fix"]) == ("/body/profile", "profile_unknown", fix)
        assert api.get(f"payers/{PAYER}").status_code == (200 if known else 404)
        api.put(f"payers/{PAYER}", a_payer()).raise_for_status()
    assert api.get(f"payers/{PAYER}").json()["profile"] == "commercial"
