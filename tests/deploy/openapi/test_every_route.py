"""What every route of every service keeps, whatever it does."""

import re

import pytest

from services.cli.composition import SERVICES

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_query_parameter_is_refused_by_every_route(service, start, http):
    url, headers = start(service)
    paths = http.get(f"{url}/openapi.json").raise_for_status().json()["paths"]
    for path, operations in paths.items():
        for method in operations:
            there = re.sub(r"{\w+}", "4711", path)
            answer = http.request(method, f"{url}{there}?no_such_parameter=1", headers=headers)
            codes = [error["code"] for error in answer.json()["errors"]]
            assert (answer.status_code, codes) == (422, ["query_unknown"]), f"{method} {path}: {answer.text}"
