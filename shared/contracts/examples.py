"""One example for each body that a route takes, as `/docs` shows it: one invented practice and one visit of it.

Under the names of the models, with the parts that many of them share; tests hold that every body has one here and
that its model accepts it.
"""

from typing import Any

BILLER = {"id": "user-june", "name": "June Okafor", "role": "biller"}
OPERATOR = {"id": "usr_operator", "name": "Olga Operator", "role": "operator"}
KEEPER = {"id": "user-noor", "name": "Noor Haddad", "role": "privacy_official"}
THERAPIST = {"id": "user-ingrid", "name": "Ingrid Solberg", "role": "therapist"}
LICENSE = {
    "kind": "LMT",
    "state": "WA",
    "number": "MA60417722",
    "effective_from": "2024-03-01",
    "effective_to": "2028-02-29",
}
HISTORY_PAYER: dict[str, Any] = {
    "identifier": "RAINC",
    "profile": "commercial_wa",
    "timely_filing_days": 365,
    "fees": {"97124": 4_000},
}
HISTORY_BALANCE = {"claim_number": "HCUZ4NWFYYPQ", "billed_to_patient_cents": 2_500, "written_off_cents": 3_255}
OPENING_LINE: dict[str, Any] = {
    "procedure_code": "97124",
    "units": 4,
    "charge_cents": 18_000,
    "paid_cents": 11_245,
    "written_off_cents": 4_255,
    "patient_cents": 2_500,
    "patient_reason_code": "3",
}
TYPED_CLAIM: dict[str, Any] = {
    "claim_id": "clm_nadia",
    "lines": [
        {
            "line": 1,
            "paid_cents": 7_745,
            "adjustments": [
                {"group": "CO", "reason_code": "45", "amount_cents": 3_255},
                {"group": "PR", "reason_code": "3", "amount_cents": 2_500},
            ],
        }
    ],
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "Actor": BILLER,
    "Address": {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"},
    "PersonName": {"first": "Nadia", "last": "Whitlock"},
    "Problem": {
        "type": "urn:handbill:problem:malformed",
        "title": "The request is not of the form that this route takes",
        "status": 422,
        "code": "malformed",
        "detail": "1 member of the request is not of the right form",
        "instance": None,
        "errors": [
            {
                "pointer": "/body/birth_date",
                "code": "missing",
                "message": "This member is missing.",
                "fix": "Add it; /docs shows its form.",
            }
        ],
    },
    "ClientCreate": {"name": "Front desk app", "scopes": ["notes:read", "notes:write"], "actor": BILLER},
    "JsonWebKeySet": {
        "keys": [
            {
                "kty": "EC",
                "crv": "P-384",
                "kid": "2026-03",
                "alg": "ES384",
                "use": "sig",
                "x": "WMhQyupYK2lUYLv-FgD5rP4d2TVkH8BvTV5ss652JF9l_xrIZBfbMG8EI4ZFIHPh",
                "y": "ZhpvL4CmCoYSjD3lfdFW0gNIYnLZ0tYVewtilq6ARLMSxHYM2oD07_vPZ8qXL7RJ",
            }
        ]
    },
    "DecisionsPut": {"by": "clients"},
    "UserPut": {
        "name": "Ingrid Solberg",
        "roles": ["therapist"],
        "therapist_id": "thr_solberg",
        "licenses": [LICENSE],
        "identities": [{"issuer": "https://login.example.com", "subject": "248289761001"}],
    },
    "Identity": {"issuer": "https://login.example.com", "subject": "248289761001"},
    "PatientPut": {
        "name": {"first": "Nadia", "last": "Whitlock"},
        "birth_date": "1984-07-19",
        "sex": "female",
        "address": {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"},
        "phone": "2065550142",
    },
    "LegalHoldPut": {
        "patient_id": "pat_nadia",
        "reason": "Letter of Hale and Brandt of 2026-02-27: keep all records of the accident",
        "since": "2026-02-27",
        "actor": KEEPER,
    },
    "LegalHoldRelease": {"reason": "The matter was settled on 2027-06-30", "actor": KEEPER},
    "PatientRecordsExport": {"reason": "Her letter of 2026-03-02", "actor": KEEPER, "limit": 100},
    "PayerPut": {
        "name": "Cascade Mutual Health",
        "payer_identifier": "CASCM",
        "profile": "commercial_wa",
        "timely_filing_days": 180,
    },
    "CoveragePut": {
        "patient_id": "pat_nadia",
        "payer_id": "pay_cascade",
        "member_id": "CMH204417701",
        "group_number": "CASC7710",
        "effective_from": "2026-01-01",
        "network": "in",
    },
    "CoverageSearch": {"member_id": "CMH204417701"},
    "AuthorizationPut": {
        "coverage_id": "cov_nadia",
        "number": "AUTH-20417",
        "effective_from": "2026-01-01",
        "effective_to": "2026-06-30",
        "visits": 12,
        "procedure_codes": ["97124"],
    },
    "ReferralPut": {
        "coverage_id": "cov_nadia",
        "kind": "prescription",
        "referring_name": {"first": "Miriam", "last": "Feldstein"},
        "referring_npi": "1619048238",
        "issued_on": "2026-01-15",
        "visits": 12,
        "diagnoses": ["M54.2"],
    },
    "CheckCreate": {
        "coverage_id": "cov_nadia",
        "provider_npi": "1487302659",
        "provider_name": "Salal Street Bodywork",
        "actor": BILLER,
    },
    "NotePut": {
        "patient_id": "pat_nadia",
        "therapist_id": "thr_solberg",
        "started_at": "2026-03-02T09:00:00-08:00",
        "ended_at": "2026-03-02T10:00:00-08:00",
        "subjective": {"complaint": "Neck pain on the right", "pain": 6, "functional_limit": "Sits 25 minutes at most"},
        "objective": {"range_of_motion": "Rotation right 52 degrees"},
        "assessment": "Soft-tissue restriction from desk work",
        "plan": {"frequency": "once a week", "ends_on": "2026-05-01"},
        "techniques": [{"procedure_code": "97124", "region": "neck", "minutes": 50}],
        "diagnoses": ["M54.2"],
        "pain_after": 3,
        "response": "Turns her head further",
        "actor": THERAPIST,
    },
    "License": LICENSE,
    "NoteSign": {"therapist_id": "thr_solberg", "license": LICENSE, "actor": THERAPIST},
    "PracticePut": {
        "name": "Salal Street Bodywork PLLC",
        "npi": "1487302659",
        "tax_id": "914408127",
        "taxonomy": "225700000X",
        "address": {"line1": "4100 Salal Street", "city": "Seattle", "state": "WA", "zip": "981030412"},
        "contact_name": "June Okafor",
        "contact_phone": "2065550100",
    },
    "TherapistPut": {
        "name": {"first": "Ingrid", "last": "Solberg"},
        "npi": "1398520472",
        "taxonomy": "225700000X",
        "credentials": [{"payer_id": "pay_cascade", "status": "in_network", "effective_from": "2025-01-01"}],
    },
    "FeeSchedulePut": {
        "effective_from": "2026-01-01",
        "fees": [{"procedure_code": "97124", "charge_cents": 4500}],
    },
    "PayerFeesPut": {
        "effective_from": "2026-01-01",
        "fees": [{"procedure_code": "97124", "unit_cents": 3415}],
        "percent_of_charge_basis_points": 7500,
    },
    "ClaimCreate": {"id": "clm_nadia", "note_id": "note_nadia", "coverage_id": "cov_nadia", "actor": BILLER},
    "ClaimCheck": {"note_id": "note_nadia", "coverage_id": "cov_nadia"},
    "ClaimAction": {"actor": BILLER},
    "NextActionDone": {
        "kind": "send_records",
        "by": "fax",
        "reference": "FX-2026-77",
        "note": "Sent with the notes of four visits.",
        "actor": BILLER,
    },
    "NextActionSnooze": {
        "kind": "check_claim_status",
        "until": "2026-06-01",
        "reason": "The payer has announced a run of payments for the end of May.",
        "actor": BILLER,
    },
    "NextActionAssign": {"assignee_id": "usr_june", "actor": BILLER},
    "ClaimNoteCreate": {"text": "Called; they have all they need.", "actor": BILLER},
    "AppealOpen": {"actor": BILLER},
    "AppealEdit": {"letter": "The treatment was needed, as the note of 2 March shows.", "actor": BILLER},
    "AppealSend": {
        "by": "fax",
        "recipient": "Cascade Mutual Health, Appeals, fax 206-555-0188",
        "reference": "FX-2026-78",
        "actor": BILLER,
    },
    "AppealOutcome": {
        "outcome": "overturned",
        "decided_on": "2026-05-04",
        "reason": "They have found the treatment needed.",
        "actor": BILLER,
    },
    "AppealEscalate": {
        "to": "supervisor",
        "by": "phone",
        "recipient": "Cascade Mutual Health, provider line",
        "reference": "call 4471",
        "actor": BILLER,
    },
    "AppealWithdraw": {"reason": "The payer has paid after all.", "actor": BILLER},
    "AttachedFileUpload": {
        "title": "Call of March 12",
        "media_type": "text/plain",
        "file": "VGhleSBoYXZlIGFsbCB0aGV5IG5lZWQuCg==",
        "actor": BILLER,
    },
    "AttachedFileRemove": {"reason": "It is the letter about another patient.", "actor": BILLER},
    "ClaimRefresh": {"modifiers": {"97124": ["59"]}, "actor": BILLER},
    "LinesMove": {
        "coverage_id": "cov_nadia_auto",
        "lines": [{"procedure_code": "97140", "units": 1}],
        "reason": "Her neck was hurt in the accident.",
        "actor": BILLER,
    },
    "NextPayerBill": {"coverage_id": "cov_nadia_second", "actor": BILLER},
    "NextPayerCorrection": {"reason": "Cascade Mutual has paid 5.00 less.", "actor": BILLER},
    "PatientPayment": {"amount_cents": 2500, "received_on": "2026-03-12", "method": "card", "actor": BILLER},
    "Refund": {
        "amount_cents": 500,
        "payee": "patient",
        "reason": "The second payer has paid her copay as well.",
        "actor": BILLER,
    },
    "WriteOff": {
        "amount_cents": 1500,
        "account": "patient",
        "kind": "hardship",
        "reason": "Her application of 3 March was granted.",
        "actor": BILLER,
    },
    "Transfer": {
        "amount_cents": 4000,
        "to_account": "patient",
        "reason": "The plan pays no massage, and she has signed the notice of 2 March.",
        "actor": BILLER,
    },
    "UnderpaymentDispute": {
        "decision": "disputed",
        "reason": "The fee schedule of 1 January has 120.00 for it; letter of 16 March.",
        "actor": BILLER,
    },
    "EntryReversal": {
        "source_id": "mny_01JQ8Z4M3V7K2N5R9T1W6X0Y4A",
        "reason": "It was entered on the wrong claim.",
        "actor": BILLER,
    },
    "ClaimCorrect": {"reason": "The modifier was missing.", "modifiers": {"97124": ["59"]}, "actor": BILLER},
    "ClaimWithdraw": {"reason": "The payer has paid after all.", "actor": BILLER},
    "ClaimVoid": {"reason": "It was another patient's visit.", "actor": BILLER},
    "OverrideCreate": {
        "rule_code": "massage_not_covered",
        "reason": "The payer confirmed on 2 March that this plan pays massage, call reference 4471.",
        "actor": BILLER,
    },
    "WorklistBulk": {
        "act": "assign",
        "items": [{"subject_type": "claim", "subject_id": "clm_01", "kind": "appeal"}],
        "assignee_id": "usr_june",
        "actor": BILLER,
    },
    "CodeSetImport": {
        "effective_from": "2026-10-01",
        "file": "OTcxMjQJNAkzIERhdGUgb2YgU2VydmljZSBFZGl0OiBDbGluaWNhbAo=",
        "actor": OPERATOR,
    },
    "CodeSetWithdraw": {"actor": OPERATOR},
    "RulesReplay": {"as_of": "2026-10-01", "payer_id": "pay_cascade"},
    "CustomRulePut": {
        "title": "More than four units of massage",
        "message": "Our agreement pays at most four units of massage a day.",
        "fix": "Leave off what is over four units, or ask the owner.",
        "source": "Agreement with Cascade Mutual, section 4.2, of 2026-01-01",
        "severity": "hold",
        "applies_to": "line",
        "payer_id": "pay_cascade",
        "condition": {
            "all": [
                {"fact": "line.procedure_code", "operator": "in", "value": ["97124", "97140"]},
                {"fact": "line.units", "operator": "greater_than", "value": 4},
            ]
        },
        "effective_from": "2026-01-01",
        "actor": BILLER,
    },
    "CustomRuleReplay": {"revision": 1, "last_claims": 100, "actor": BILLER},
    "CustomRuleActivate": {"revision": 1, "from_date": "2026-05-01", "actor": BILLER},
    "CustomRuleDeactivate": {"reason": "The agreement of 2026 has ended.", "actor": BILLER},
    "MessageRelease": {"reason": "The bank confirms the sum.", "actor": BILLER},
    "MessageRetry": {"actor": BILLER},
    "PaymentMatch": {
        "claim_id": "clm_nadia",
        "reason": "The payer's portal shows our visit of 2 March under this number.",
        "lines": [{"service": 1, "line": 1}],
        "actor": BILLER,
    },
    "LineMatch": {"service": 1, "line": 1},
    "PaymentDecision": {
        "reason": "It is for a patient of the practice next door; the payer was told.",
        "actor": BILLER,
    },
    "RemittanceUpload": {"file": "SVNBKjAwKiAgICAgICAgICAqMDAqICAgICAgICAgICo=", "actor": BILLER},
    "TypedRemittance": {
        "payer_name": "Cascade Mutual Health",
        "trace": "10044213",
        "paid_on": "2026-03-20",
        "amount_cents": 7_745,
        "claims": [TYPED_CLAIM],
        "actor": BILLER,
    },
    "TypedClaim": TYPED_CLAIM,
    "TypedLine": TYPED_CLAIM["lines"][0],
    "TypedAdjustment": {"group": "CO", "reason_code": "45", "amount_cents": 3_255},
    "TypedProviderAdjustment": {"reason": "WO", "reference": "CLM204417", "amount_cents": 1_000},
    "DepositCreate": {"trace": "10044213", "amount_cents": 11_445, "deposited_on": "2026-03-24", "actor": BILLER},
    "DepositImport": {"csv": "trace,amount,deposited_on\n10044213,114.45,2026-03-24\n", "actor": BILLER},
    "HistoryCreate": {
        "as_of": "2026-06-20",
        "npis": ["1487302659"],
        "payers": [HISTORY_PAYER],
        "own_balances": [HISTORY_BALANCE],
        "actor": BILLER,
    },
    "HistoryPayerTerms": HISTORY_PAYER,
    "HistoryBalance": HISTORY_BALANCE,
    "HistoryFileUpload": {
        "name": "2025/march.835",
        "file": "SVNBKjAwKiAgICAgICAgICAqMDAqICAgICAgICAgICo=",
        "actor": BILLER,
    },
    "HistoryAction": {"actor": BILLER},
    "OpeningBalanceCreate": {
        "reference": "A-1041",
        "claim_number": "OLD1041",
        "coverage_id": "cov_nadia",
        "therapist_id": "thr_solberg",
        "date_of_service": "2026-01-12",
        "submitted_on": "2026-01-13",
        "remitted_on": "2026-02-10",
        "as_of": "2026-02-28",
        "lines": [OPENING_LINE],
        "source": "Aged receivables of 2026-02-28, page 3",
        "actor": BILLER,
    },
    "OpeningLine": OPENING_LINE,
    "OpeningBalanceImport": {
        "csv": "reference,coverage_id,therapist_id,date_of_service,submitted_on,procedure_code,units,charge,insurer\n"
        "A-1042,cov_nadia,thr_solberg,2026-02-09,2026-02-10,97124,4,180.00,180.00\n",
        "as_of": "2026-02-28",
        "source": "Aged receivables of 2026-02-28",
        "actor": BILLER,
    },
    "OpeningBalanceWithdraw": {"reason": "Entered under the wrong coverage", "actor": BILLER},
    "OpeningVisitsPut": {
        "kind": "benefit",
        "coverage_id": "cov_nadia",
        "visits": 4,
        "counted_through": "2026-02-28",
        "source": "Portal of the payer, read on 2026-03-01",
        "actor": BILLER,
    },
    "SmallBalanceRulePut": {
        "patient_max_cents": 300,
        "insurer_max_cents": 0,
        "reason": "Asking for less than 3 dollars costs more than it brings",
        "actor": BILLER,
    },
    "AppealFaxed": {"claim_number": "HCUZ4NWFYYPQ"},
    "ClockMove": {"days": 14},
}
