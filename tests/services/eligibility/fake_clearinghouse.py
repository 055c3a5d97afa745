"""A payer behind a clearinghouse, played over real HTTP: it reads each 270 with the codec and writes a real 271.

`script` holds what it does with the questions to come: a list of EB rows, AAA reasons, an HTTP status, bytes, or
`"cut"`. When the script is over it goes on with the last entry.
"""

import base64
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response

from shared import x12

DAY = date(2026, 3, 2)
BASIC = "Basic " + base64.b64encode(b"HANDBILL:a-password-of-the-tests").decode()


def envelope(control_number: str = "000000001") -> x12.Envelope:
    return x12.Envelope(
        interchange=x12.Interchange(
            sender="CLEARING", receiver="HANDBILL", date=DAY, time="1015", control_number=control_number
        ),
        group=x12.Group(sender="CLEARING", receiver="HANDBILL", date=DAY, time="1015", control_number="1"),
    )


def write_271(
    inquiry: x12.EligibilityInquiry, rows: tuple[x12.BenefitInformation, ...] = (), aaa: tuple[str, ...] = ()
) -> bytes:
    """The answer to one question, with its trace given back; AAA stand on the patient."""

    def back(member: x12.Member, entity: str, *, rejected: bool) -> x12.Member:
        rejections = tuple(x12.RequestValidation(reason=reason, followup="C") for reason in aaa) if rejected else ()
        party = x12.Party(
            entity=entity,
            kind="1",
            name=member.party.name,
            first=member.party.first,
            id_qualifier=member.party.id_qualifier,
            id=member.party.id,
            rejections=rejections,
        )
        traces = tuple(x12.Trace(type="2", value=t.value, originator=t.originator) for t in member.traces)
        return x12.Member(party=party, traces=traces)

    dependent = inquiry.dependent
    response = x12.BenefitResponse(
        source=inquiry.source,
        receiver=inquiry.receiver,
        subscriber=back(inquiry.subscriber, "IL", rejected=dependent is None),
        dependent=back(dependent, "03", rejected=True) if dependent else None,
        benefits=rows,
    )
    header = x12.EligibilityHeader(reference="R1", created=DAY, created_time="1015", purpose="11")
    return x12.write(
        envelope(), [x12.Transaction(type="271", control_number="0001", header=header, records=(response,))]
    )


def write_ta1() -> bytes:
    """An interchange that was refused."""
    refusal = x12.InterchangeAcknowledgement(control_number="500000001", date=DAY, time="1015", code="R", note="021")
    outer = x12.Envelope(interchange=envelope().interchange, group=None)
    return x12.write(outer, [x12.Transaction(type="TA1", control_number="", records=(refusal,))])


@dataclass
class FakeClearinghouse:
    script: list[Any] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def inquiries(self) -> list[x12.EligibilityInquiry]:
        """The questions as records."""
        found = []
        for data in self.asked:
            file = x12.read_all(data, strict=True)
            assert file.ok, file.findings
            found += [record for transaction in file.transactions for record in transaction.records]
        return found

    @property
    def service_types(self) -> list[tuple[str, ...]]:
        return [inquiry.questions[0].service_types for inquiry in self.inquiries]

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/x12/eligibility")
        async def eligibility(request: Request) -> Response:
            self.asked.append(await request.body())
            self.headers.append(dict(request.headers))
            if request.headers.get("authorization") != BASIC:
                return Response(status_code=401)
            step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            return self._answer(step)

        return app

    def _answer(self, step: Any) -> Response:
        if isinstance(step, int):
            return Response(status_code=step, headers={"Retry-After": "17"})
        if isinstance(step, bytes):
            return Response(step, media_type="application/edi-x12")
        inquiry = self.inquiries[-1]
        if step == "cut":
            whole = write_271(inquiry, (x12.BenefitInformation(information="1", service_types=("30",)),))
            return Response(whole[: whole.index(b"SE*")], media_type="application/edi-x12")
        if all(isinstance(each, str) for each in step):
            return Response(write_271(inquiry, aaa=tuple(step)), media_type="application/edi-x12")
        return Response(write_271(inquiry, tuple(step)), media_type="application/edi-x12")
