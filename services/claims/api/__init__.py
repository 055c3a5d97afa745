"""The routes of the claims service: parse, call one flow, answer a contract model."""

from services.claims.api.appeals import router as appeals_router
from services.claims.api.authorizations import router as authorizations_router
from services.claims.api.claim_attachments import router as claim_attachments_router
from services.claims.api.claim_money import router as claim_money_router
from services.claims.api.claim_work import router as claim_work_router
from services.claims.api.claims import router as claims_router
from services.claims.api.code_sets import router as code_sets_router
from services.claims.api.codes import router as codes_router
from services.claims.api.custom_rules import router as custom_rules_router
from services.claims.api.deposits import router as deposits_router
from services.claims.api.disclosures import router as disclosures_router
from services.claims.api.exchange import router as exchange_router
from services.claims.api.exports import router as exports_router
from services.claims.api.histories import router as histories_router
from services.claims.api.opening_balances import router as opening_balances_router
from services.claims.api.operator_messages import router as operator_messages_router
from services.claims.api.overrides import router as overrides_router
from services.claims.api.payer_fees import router as payer_fees_router
from services.claims.api.practice import router as practice_router
from services.claims.api.remittances import router as remittances_router
from services.claims.api.reports import router as reports_router
from services.claims.api.rules import router as rules_router
from services.claims.api.rules_page import router as rules_page_router
from services.claims.api.small_balances import router as small_balances_router
from services.claims.api.worklist import router as worklist_router
from services.claims.flows.patient_records import PATIENT_RECORDS
from shared.web.patient_records import patient_records_routes

ROUTERS = (
    practice_router,
    payer_fees_router,
    small_balances_router,
    claims_router,
    authorizations_router,
    claim_money_router,
    claim_work_router,
    appeals_router,
    opening_balances_router,
    claim_attachments_router,
    overrides_router,
    worklist_router,
    rules_router,
    custom_rules_router,
    rules_page_router,
    codes_router,
    code_sets_router,
    exchange_router,
    remittances_router,
    deposits_router,
    reports_router,
    exports_router,
    histories_router,
    operator_messages_router,
    disclosures_router,
    patient_records_routes(PATIENT_RECORDS),
)

__all__ = ["ROUTERS"]
