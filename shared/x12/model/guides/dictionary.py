"""The segments of version 005010 as far as our guides use them: elements with type and length, and their relations.

One line a segment: id, a short name of our own, the elements in order. An element is `label:type` with the type
`AN2-80` (text), `ID2` (code), `N1-6` (whole number), `R1-10` (decimal), `M` (money), `D8` (date CCYYMMDD), `T4-8`
(time), `P` (date or period in the format named by the element before), `-` (never used by our guides).
`label(...)` is a composite of such elements; `^` after it means that it may repeat. Relations at the end, in braces:
`P0304` both or none, `R0203` at least one, `E0203` not both, `C0201` the first needs the others, `L020304` the first
needs one of the others. Sources: ASC X12 005010 and the TR3 guides, put into our own words.
"""

# These are tables, made to be read across.
# ruff: noqa: E501

PROCEDURE = (
    "qualifier:ID2 code:AN1-48 modifier:AN2 modifier:AN2 modifier:AN2 modifier:AN2 description:AN1-80 code_end:AN1-48"
)
STATUS = "category:AN1-30 status:AN1-30 entity:ID2-3 code_list:ID1-3"
CODE = "qualifier:ID1-3 code:AN1-30 date_format:ID2-3 date:P amount:M quantity:R1-15 version:AN1-30 code_end:AN1-30 present:ID1"
POINTERS = "pointer:N1-2 pointer:N1-2 pointer:N1-2 pointer:N1-2"
UNIT = "unit:ID2 exponent:R1-15 multiplier:R1-10"
CAS = " ".join(["reason:ID1-5 amount:M quantity:R1-15"] * 6)
REFERENCES = "qualifier:ID2-3 value:AN1-50 qualifier:ID2-3 value:AN1-50 qualifier:ID2-3 value:AN1-50"
CAUSES = "cause:ID2-3 cause:ID2-3 cause:ID2-3 state:ID2 country:ID2-3"
FACILITY = "place:AN1-2 qualifier:ID1-2 frequency:ID1"
CONTEXT = "name:AN1-35 reference:AN1-35"
POSITION = "element:N1-2 component:N1-2 repetition:N1-4"
CONDITIONS = " ".join(["condition:ID2-3"] * 5)

SEGMENTS = f"""
AAA refusal | valid:ID1 agency:ID2 reason:ID2 follow_up:ID1
AK1 group answered | functional_id:ID2 control_number:N1-9 version:AN1-12
AK2 transaction answered | type:ID3 control_number:AN4-9 version:AN1-35
AK9 result for the group | result:ID1 included:N1-6 received:N1-6 accepted:N1-6 reason:ID1-3 reason:ID1-3 reason:ID1-3 \
reason:ID1-3 reason:ID1-3
AMT amount | qualifier:ID1-3 amount:M credit_debit:ID1
BHT beginning of the transaction | structure:ID4 purpose:ID2 reference:AN1-50 date:D8 time:T4-8 type:ID2
BPR payment | handling:ID1-2 amount:M credit_debit:ID1 method:ID3 format:ID1-10 sender_bank_qualifier:ID2 \
sender_bank:AN3-12 sender_account_qualifier:ID1-3 sender_account:AN1-35 originating_company:AN10 \
originating_supplement:AN9 receiver_bank_qualifier:ID2 receiver_bank:AN3-12 receiver_account_qualifier:ID1-3 \
receiver_account:AN1-35 payment_date:D8 {{P0607 C0809 P1213 C1415}}
CAS adjustment | group:ID1-2 {CAS} {{L050607 C0605 C0705 L080910 C0908 C1008 L111213 C1211 C1311 L141516 C1514 C1614 \
L171819 C1817 C1917}}
CL1 stay | type:ID1 source:ID1 status:ID1-2 nursing:ID1
CLM claim | claim_number:AN1-38 charge:M filing:ID1-2 claim_type:ID1-2 facility({FACILITY}) signature:ID1 assignment:ID1 \
benefits_assigned:ID1 release:ID1 patient_signature:ID1 related_causes({CAUSES}) special_program:ID2-3 - - - - - - - \
delay_reason:ID1-2
CLP claim payment | claim_number:AN1-38 status:ID1-2 charge:M paid:M patient_responsibility:M filing_indicator:ID1-2 \
payer_claim_number:AN1-50 facility_code:AN1-2 frequency:ID1 patient_status:ID1-2 drg:ID1-4 drg_weight:R1-15 \
discharge_fraction:R1-10
CN1 contract | type:ID2 amount:M percent:R1-6 code:AN1-50 discount:R1-6 version:AN1-30
CR1 ambulance | unit:ID2 weight:R1-10 transport:ID1 reason:ID1 unit:ID2 distance:R1-15 - - round_trip:AN1-80 \
stretcher:AN1-80
CR2 spinal manipulation | count:N1-9 quantity:R1-15 level:ID2-3 level:ID2-3 unit:ID2 periods:R1-15 treatments:R1-15 \
nature:ID1 complication:ID1 description:AN1-80 description:AN1-80 x_ray:ID1
CR3 equipment | certification:ID1 unit:ID2 duration:R1-15
CR4 nutrition | - - - - - - - - - - - - - - - - - - - - - - - - - - - - -
CR5 oxygen | certification:ID1 duration:R1-15 equipment:ID1 equipment:ID1 description:AN1-80 flow:R1-15 use:R1-15 \
use:R1-15 description:AN1-80 gas:R1-15 gas:R1-15 test:ID1 - - - portable:R1-15 delivery:ID1
CR6 home care | prognosis:ID1 date:D8 format:ID2-3 period:AN1-35 date:D8 skilled:ID1 medicare:ID1 \
certification:ID1 date:D8 procedure_qualifier:ID2 procedure:AN1-15 date:D8 date:D8 date:D8 format:ID2-3 period:AN1-35 \
facility:ID1 date:D8 date:D8 date:D8 date:D8
CRC condition | category:ID2 applies:ID1 {CONDITIONS}
CTP drug quantity | - - - quantity:R1-15 unit({UNIT})
CTX context | context^({CONTEXT}) segment:ID2-3 position:N1-10 loop:AN1-4 where({POSITION}) \
element_reference(reference:N1-4 reference:N1-4)
CUR currency | entity:ID2-3 currency:ID3 - - - - -
DMG person | date_format:ID2-3 birth_date:P gender:ID1 - ethnicity:AN1-10 citizenship:ID1-2 country:ID2-3 {{P0102}}
DTM date | qualifier:ID3 date:D8
DTP date | qualifier:ID3 date_format:ID2-3 date:P
EB benefit | information:ID1-3 coverage_level:ID3 service_type^:ID1-2 insurance_type:ID1-3 plan:AN1-50 time_period:ID1-2 \
amount:M percent:R1-10 quantity_qualifier:ID2 quantity:R1-15 authorization:ID1 in_network:ID1 procedure({PROCEDURE}) \
diagnosis_pointers({POINTERS}) {{P0910}}
EQ question | service_type^:ID1-2 procedure({PROCEDURE}) coverage_level:ID3 insurance_type:ID1-3 \
diagnosis_pointers({POINTERS}) {{R0102}}
FRM form answer | question:AN1-20 answer:ID1 answer:AN1-50 date:D8 percent:R1-6 {{R02030405}}
HCP repricing | method:ID2 allowed:M savings:M organization:AN1-50 rate:R1-9 group:AN1-50 group_amount:M \
revenue_code:AN1-48 qualifier:ID2 procedure:AN1-48 unit:ID2 quantity:R1-15 rejection:ID2 policy:ID1-2 exception:ID1-2 \
{{R0113}}
HCR decision | action:ID1-2 number:AN1-50 reason:AN1-30 second_opinion:ID1
HI health codes | {" ".join([f"code({CODE})"] * 12)}
HL level | id:AN1-12 parent:AN1-12 level:ID1-2 children:ID1
HSD delivery | quantity_qualifier:ID2 quantity:R1-15 unit:ID2 frequency:R1-6 period_qualifier:ID1-2 periods:N1-3 \
pattern:ID1-2 time:ID1 {{P0102 C0605}}
III more information | qualifier:ID1-3 code:AN1-30 category:ID2 text:AN1-264 {{P0102}}
IK3 segment in error | segment:ID2-3 position:N1-10 loop:AN1-4 code:ID1-3
IK4 element in error | where({POSITION}) reference:N1-4 code:ID1-3 bad_value:AN1-99
IK5 result for the transaction | result:ID1 reason:ID1-3 reason:ID1-3 reason:ID1-3 reason:ID1-3 reason:ID1-3
INS insured | insured:ID1 relationship:ID2 maintenance:ID3 maintenance_reason:ID2-3 benefit_status:ID1 medicare({CONTEXT}) \
cobra:ID1-2 employment:ID2 student:ID1 handicap:ID1 date_format:ID2-3 date:P confidentiality:ID1 city:AN2-30 state:ID2 \
country:ID2-3 birth_sequence:N1-9
K3 file information | text:AN1-80
LE end of entities | loop:AN1-4
LIN drug | - qualifier:ID2 code:AN1-48
LQ remark | qualifier:ID1-3 code:AN1-30 {{C0102}}
LS start of entities | loop:AN1-4
LX number | number:N1-6
MEA measurement | reference:ID2 qualifier:ID1-3 value:R1-20
MIA inpatient | days:R1-15 amount:M days:R1-15 amount:M remark:AN1-50 {"amount:M " * 9}days:R1-15 \
{"amount:M " * 4}remark:AN1-50 remark:AN1-50 remark:AN1-50 remark:AN1-50 amount:M
MOA outpatient | rate:R1-10 amount:M remark:AN1-50 remark:AN1-50 remark:AN1-50 remark:AN1-50 remark:AN1-50 amount:M amount:M
MPI military | status:ID1 employment:ID2 service:ID1 description:AN1-80 rank:ID2 date_format:ID2-3 date:P
MSG message | text:AN1-264
N1 party | entity:ID2-3 name:AN1-60 id_qualifier:ID1-2 id:AN2-80 {{R0203 P0304}}
N3 street | line1:AN1-55 line2:AN1-55
N4 place | city:AN2-30 state:ID2 postal_code:ID3-15 country:ID2-3 location_qualifier:ID1-2 location:AN1-30 \
subdivision:ID1-3 {{E0207 C0704}}
NM1 party | entity:ID2-3 kind:ID1 name:AN1-60 first:AN1-35 middle:AN1-25 prefix:AN1-10 suffix:AN1-10 id_qualifier:ID1-2 \
id:AN2-80 relationship:ID2 {{P0809}}
NTE note | kind:ID3 text:AN1-80
OI other insurance | - - benefits_assigned:ID1 patient_signature:ID1 - release:ID1
PAT patient | relationship:ID2 - - - date_format:ID2-3 death_date:P unit:ID2 weight:R1-10 pregnant:ID1 {{P0506 P0708}}
PER contact | function:ID2 name:AN1-60 {"number_qualifier:ID2 number:AN1-256 " * 3}{{P0304 P0506 P0708}}
PLB provider adjustment | provider:AN1-50 fiscal_period:D8 \
{"reason(reason:ID2 reference:AN1-50) amount:M " * 6}{{P0506 P0708 P0910 P1112 P1314}}
PRV provider | role:ID1-3 qualifier:ID2-3 taxonomy:AN1-50
PS1 purchased service | provider:AN1-50 charge:M
PWK attachment | report:ID2 transmission:ID1-2 - - qualifier:ID1-2 control_number:AN2-80 {{P0506}}
QTY quantity | qualifier:ID2 quantity:R1-15
RDM delivery of the remittance | method:ID1-2 name:AN1-60 number:AN1-256
REF reference | qualifier:ID2-3 value:AN1-50 description:AN1-80 also({REFERENCES}) {{R0203}}
SBR subscriber | responsibility:ID1 relationship:ID2 group_number:AN1-50 group_name:AN1-60 insurance_type:ID1-3 - - - \
filing_indicator:ID1-2
SE end | segments:N1-10 control_number:AN4-9
ST begin | type:ID3 control_number:AN4-9 version:AN1-35
STC status | status({STATUS}) date:D8 action:ID1-2 charge:M paid:M finalized:D8 method:ID3 check_date:D8 \
check_number:AN1-16 status({STATUS}) status({STATUS}) message:AN1-264
SV1 professional service | procedure({PROCEDURE}) charge:M unit:ID2 quantity:R1-15 place:AN1-2 - pointers({POINTERS}) - \
emergency:ID1 - epsdt:ID1 family_planning:ID1 - - copay:ID1 - - - - level:ID1
SV2 institutional service | revenue_code:AN1-48 procedure({PROCEDURE}) charge:M unit:ID2 quantity:R1-15 rate:R1-10 \
- - - level:ID1
SV3 dental service | procedure({PROCEDURE}) charge:M place:AN1-2 \
area(area:ID1-3 area:ID1-3 area:ID1-3 area:ID1-3 area:ID1-3) prosthesis:ID1 quantity:R1-15 description:AN1-80
SV5 equipment | procedure({PROCEDURE}) unit:ID2 days:R1-15 rental:M purchase:M rental_unit:ID1
SVC service payment | procedure({PROCEDURE}) charge:M paid:M revenue_code:AN1-48 quantity:R1-15 \
submitted({PROCEDURE}) submitted_quantity:R1-15
SVD line adjudication | payer:AN2-80 paid:M procedure({PROCEDURE}) - quantity:R1-15 bundled_line:N1-6
TOO tooth | qualifier:ID1-3 tooth:AN1-30 surface(surface:ID1-2 surface:ID1-2 surface:ID1-2 surface:ID1-2 surface:ID1-2)
TRN trace | type:ID1-2 number:AN1-50 originator:AN10 additional:AN1-50
TS2 inpatient summary | {"amount:M " * 6}quantity:R1-15 amount:M amount:M quantity:R1-15 quantity:R1-15 quantity:R1-15 \
quantity:R1-15 quantity:R1-15 amount:M quantity:R1-15 amount:M amount:M amount:M
TS3 provider summary | provider:AN1-50 facility:AN1-2 fiscal_period:D8 claims:R1-15 charge:M {"amount:M " * 17}\
quantity:R1-15 amount:M
UM review | category:ID1-2 certification:ID1 service_type:ID1-2 facility(place:AN1-2 qualifier:ID1-2 frequency:ID1) \
causes({CAUSES}) level:ID1-3 health:ID1 prognosis:ID1 release:ID1 delay_reason:ID1-2
"""
