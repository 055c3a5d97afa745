"""How a stored document of an older version becomes one of the next, on plain JSON values."""

from typing import Any

from shared.payer_profiles import ProfileError, profile_from


def with_filing_indicators(plain: dict[str, Any]) -> dict[str, Any]:
    """1 to 2: an earlier payer's filing indicator (SBR09) is kept with its payment. Before, it was looked up in the
    payer's profile each time that a file was formed."""
    others = {
        one["coverage"]["payer_id"]: one["payer"] for one in plain["source"]["coverage_bundle"]["other_coverages"]
    }
    for prior in plain["scrubbed"]["claim"]["prior_payments"]:
        payer = others.get(prior["payer_id"])
        prior["filing_indicator"] = _filing_indicator(payer) if payer else ""
    return plain


def with_progress_reports(plain: dict[str, Any]) -> dict[str, Any]:
    """2 to 3: reports of progress are due by discipline. Before, a payer had one number of visits and months."""
    profile = plain["source"]["profile"]
    visits, months = profile.pop("progress_report_visits", None), profile.pop("progress_report_months", None)
    due = {"visits": visits, "months": months, "taxonomies": [""], "source": profile.get("source", "")}
    profile["progress_reports"] = [] if visits is None or months is None else [due]
    return plain


def with_insurer_claim_number(plain: dict[str, Any]) -> dict[str, Any]:
    """1 to 2: a past visit knows the injury that it was for. An older one counts for each."""
    return {**plain, "insurer_claim_number": ""}


def with_techniques(plain: dict[str, Any]) -> dict[str, Any]:
    """2 to 3: a past visit knows what was done in which minutes. Of an older one nothing is known."""
    return {**plain, "techniques": []}


def _filing_indicator(payer: dict[str, Any]) -> str:
    try:
        return profile_from(
            {"extends": payer["profile"], "filing_indicator": payer["filing_indicator"]}
        ).filing_indicator
    except ProfileError:
        return ""
