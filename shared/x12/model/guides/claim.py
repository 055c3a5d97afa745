"""The 837P, professional claim (005010X222A1), on one page: levels, then the claim, which may be on two of them."""

# These are tables, made to be read across.
# ruff: noqa: E501

import textwrap

TITLE = "professional claims"
TAX = "0B,1G,G2"
CONTACT = "PER S {} : R=IC S R=EM,FX,TE R S=EM,EX,FX,TE S S=EM,EX,FX,TE S"
INSURANCE_TYPE = "12,13,14,15,16,41,42,43,47"
RELATIONSHIPS = "01,18,19,20,21,39,40,53,G8"
REPRICE = "00,01,02,03,04,05,06,07,08,09,10,11,12,13,14"
AMBULANCE = "01,04,05,06,07,08,09,12"
CAS = "CAS S 5 : R=CO,CR,OA,PI,PR R R S S S S S S S S S S S S S S S S"
PROCEDURE = "R=ER,HC,IV,WK R S S S S S"
STREET = "N3 {0} 1 : R S"
PLACE = "N4 {0} 1 : R S S S N N S"
ALSO = "N S(R=2U R)"

CLAIM = f"""
LOOP 2300 {{usage}} 100 : record Claim837P
  CLM R 1 : R R N N R(R R=B R) R=N,Y R=A,B,C R=N,W,Y R=I,Y S=P S(R=AA,EM,OA S=AA,EM,OA N S S) S=02,03,05,09 \
N N N N N N N S=1,2,3,4,5,6,7,8,9,10,11,15
  {"".join(f"DTP S 1 : R={q} R=D8 R{chr(10)}  " for q in ("431", "454", "304", "453", "439", "484", "455", "471"))}
  DTP S 1 : R=314,360,361 R=D8,RD8 R
  {"".join(f"DTP S 1 : R={q} R=D8 R{chr(10)}  " for q in ("297", "296", "435", "096"))}
  DTP S 2 : R=090,091 R=D8 R
  DTP S 1 : R=444 R=D8 R
  DTP S 1 : R=050 R=D8 R
  PWK S 10 : R=@attachment R=AA,BM,EL,EM,FT,FX N N S=AC S
  CN1 S 1 : R=01,02,03,04,05,06,09 S S S S S
  AMT S 1 : R=F5 R
  {"".join(f"REF S 1 : R={q} R{chr(10)}  " for q in ["4N", "F5", "EW", "9F", "G1", "F8", "X4", "9A", "9C", "LX", "D9", "EA", "P4", "1J"])}
  K3 S 10 : R
  NTE S 1 : R=ADD,CER,DCP,DGN,TPO R
  CR1 S 1 : S=LB S N R=A,B,C,D,E R=DH R N N S S
  CR2 S 1 : N N N N N N N R=A,C,D,E,F,G,M N S S
  CRC S 3 : R=07 R=N,Y R={AMBULANCE} {f"S={AMBULANCE} " * 4}
  CRC S 3 : R=E1,E2,E3 R=N,Y R=L1,L2,L3,L4,L5 {"S=L1,L2,L3,L4,L5 " * 4}
  CRC S 1 : R=75 R=Y R=IH
  CRC S 1 : R=ZZ R=N,Y R=AV,NU,S2,ST S=AV,NU,S2,ST S=AV,NU,S2,ST
  HI R 1 : R(R=ABK,BK R) {"S(R=ABF,BF R) " * 11}
  HI S 1 : R(R=BP R) S(R=BO R)
  HI S 2 : R(R=BG R) {"S(R=BG R) " * 11}
  HCP S 1 : R={REPRICE} R S S S S S N N N N N S=T1,T2,T3,T4,T5,T6 S=1,2,3,4,5 S=1,2,3,4,5,6
  LOOP 2310A S 2 : list parties Party
    NM1 R 1 : R=DN,P3 R=1 R S S N S S=XX S
    REF S 3 : R={TAX} R
  LOOP 2310B S 1 : list parties Party
    NM1 R 1 : R=82 R=1,2 R S S N S S=XX S
    PRV S 1 : R=PE R=PXC R
    REF S 4 : R={TAX},LU R
  LOOP 2310C S 1 : list parties Party
    NM1 R 1 : R=77 R=2 R N N N N S=XX S
    {STREET.format("R")}
    {PLACE.format("R")}
    REF S 3 : R=0B,G2,LU R
    PER S 1 : R=IC S R=TE R S=EX S
  LOOP 2310D S 1 : list parties Party
    NM1 R 1 : R=DQ R=1 R S S N S S=XX S
    REF S 4 : R={TAX},LU R
  LOOP 2310E S 1 : list parties Party
    NM1 R 1 : R=PW R=2
    {STREET.format("R")}
    {PLACE.format("R")}
  LOOP 2310F S 1 : list parties Party
    NM1 R 1 : R=45 R=2 S
    {STREET.format("R")}
    {PLACE.format("R")}
  LOOP 2320 S 10 : list other_payers OtherPayer
    SBR R 1 : R=A,B,C,D,E,F,G,H,P,S,T,U R={RELATIONSHIPS} S S S={INSURANCE_TYPE} N N N S=@filing
    {CAS}
    AMT S 1 : R=D R
    AMT S 1 : R=A8 R
    AMT S 1 : R=EAF R
    OI R 1 : N N R=N,W,Y S=P N R=I,Y
    MOA S 1 : S S S S S S S S S
    LOOP 2330A R 1 : field subscriber Party
      NM1 R 1 : R=IL R=1,2 R S S N S R=II,MI R
      {STREET.format("S")}
      {PLACE.format("S")}
      REF S 1 : R=SY R
    LOOP 2330B R 1 : field payer Party
      NM1 R 1 : R=PR R=2 R N N N N R=PI,XV R
      {STREET.format("S")}
      {PLACE.format("S")}
      DTP S 1 : R=573 R=D8 R
      REF S 2 : R=2U,EI,FY,NF R
      {"".join(f"REF S 1 : R={q} R{chr(10)}      " for q in ("G1", "9F", "T4", "F8"))}
    LOOP 2330C S 2 : list parties Party
      NM1 R 1 : R=DN,P3 R=1
      REF R 3 : R={TAX} R
    LOOP 2330D S 1 : list parties Party
      NM1 R 1 : R=82 R=1,2
      REF R 3 : R={TAX},LU R
    LOOP 2330E S 1 : list parties Party
      NM1 R 1 : R=77 R=2
      REF R 3 : R=0B,G2,LU R
    LOOP 2330F S 1 : list parties Party
      NM1 R 1 : R=DQ R=1
      REF R 3 : R={TAX},LU R
    LOOP 2330G S 1 : list parties Party
      NM1 R 1 : R=85 R=1,2
      REF R 2 : R=G2,LU R
  LOOP 2400 R 50 : list lines ServiceLine
    LX R 1 : R
    SV1 R 1 : R({PROCEDURE}) R R=MJ,UN R S N R(R S S S) N S=Y N S=Y S=Y N N S=0
    SV5 S 1 : R(R=HC R) R=DA R R R R=1,4,6
    PWK S 10 : R=@attachment R=AA,AB,AD,AF,AG,BM,EL,EM,FT,FX,NS N N S=AC S
    CR1 S 1 : S=LB S N R=A,B,C,D,E R=DH R N N S S
    CR3 S 1 : R=I,R,S R=MO R
    CRC S 3 : R=07 R=N,Y R={AMBULANCE} {f"S={AMBULANCE} " * 4}
    CRC S 1 : R=70 R=N,Y R=65
    CRC S 1 : R=09 R=N,Y R=38,ZV S=38,ZV
    DTP R 1 : R=472 R=D8,RD8 R
    {"".join(f"DTP S 1 : R={q} R=D8 R{chr(10)}    " for q in ("471", "607", "463", "461", "304"))}
    DTP S 2 : R=738,739 R=D8 R
    {"".join(f"DTP S 1 : R={q} R=D8 R{chr(10)}    " for q in ("011", "455", "454"))}
    QTY S 1 : R=PT R
    QTY S 1 : R=FL R
    MEA S 5 : R=OG,TR R=HT,R1,R2,R3,R4 R
    CN1 S 1 : R=01,02,03,04,05,06,09 S S S S S
    REF S 1 : R=9B R
    REF S 1 : R=9D R
    REF S 5 : R=G1 R {ALSO}
    {"".join(f"REF S 1 : R={q} R{chr(10)}    " for q in ("6R", "EW", "X4", "F4", "BT"))}
    REF S 5 : R=9F R {ALSO}
    AMT S 1 : R=T R
    AMT S 1 : R=F4 R
    K3 S 10 : R
    NTE S 1 : R=ADD,DCP R
    NTE S 1 : R=TPO R
    PS1 S 1 : R R
    HCP S 1 : R={REPRICE} R S S S S S N S=ER,HC,IV,WK S S=MJ,UN S S=T1,T2,T3,T4,T5,T6 S=1,2,3,4,5 S=1,2,3,4,5,6
    LOOP 2410 S 1 : unparsed
      LIN R 1 : N R=EN,EO,HI,N4,ON,UK,UP R
      CTP R 1 : N N N R R(R=F2,GR,ME,ML,UN)
      REF S 1 : R=VY,XZ R
    LOOP 2420A S 1 : list parties Party
      NM1 R 1 : R=82 R=1,2 R S S N S S=XX S
      PRV S 1 : R=PE R=PXC R
      REF S 20 : R={TAX},LU R {ALSO}
    LOOP 2420B S 1 : list parties Party
      NM1 R 1 : R=QB R=1,2 N N N N N S=XX S
      REF S 20 : R={TAX} R {ALSO}
    LOOP 2420C S 1 : list parties Party
      NM1 R 1 : R=77 R=2 R N N N N S=XX S
      {STREET.format("R")}
      {PLACE.format("R")}
      REF S 3 : R=G2,LU R {ALSO}
    LOOP 2420D S 1 : list parties Party
      NM1 R 1 : R=DQ R=1 R S S N S S=XX S
      REF S 20 : R={TAX},LU R {ALSO}
    LOOP 2420E S 1 : list parties Party
      NM1 R 1 : R=DK R=1 R S S N S S=XX S
      {STREET.format("S")}
      {PLACE.format("S")}
      REF S 20 : R={TAX} R {ALSO}
      {CONTACT.format("1")}
    LOOP 2420F S 2 : list parties Party
      NM1 R 1 : R=DN,P3 R=1 R S S N S S=XX S
      REF S 20 : R={TAX} R {ALSO}
    LOOP 2420G S 1 : list parties Party
      NM1 R 1 : R=PW R=2
      {STREET.format("R")}
      {PLACE.format("R")}
    LOOP 2420H S 1 : list parties Party
      NM1 R 1 : R=45 R=2 S
      {STREET.format("R")}
      {PLACE.format("R")}
    LOOP 2430 S 15 : list adjudications LineAdjudication
      SVD R 1 : R R R({PROCEDURE}) N R S
      {CAS}
      DTP R 1 : R=573 R=D8 R
      AMT S 1 : R=EAF R
    LOOP 2440 S > : unparsed
      LQ R 1 : R=AS,UT R
      FRM R 99 : R S=N,W,Y S S S
"""


def claim(usage: str, depth: int) -> str:
    """The claim loop below the subscriber (situational) or the patient (required)."""
    return textwrap.indent(CLAIM.replace("{usage}", usage), "  " * depth)


TEXT = f"""
LOOP HEADER R 1 : header Submission
  ST R 1 : R=837 R R
  BHT R 1 : R=0019 R=00,18 R R R R=31,CH,RP
  LOOP 1000A R 1 : field submitter Party
    NM1 R 1 : R=41 R=1,2 R S S N N R=46 R
    PER R 2 : R=IC S R=EM,FX,TE R S=EM,EX,FX,TE S S=EM,EX,FX,TE S
  LOOP 1000B R 1 : field receiver Party
    NM1 R 1 : R=40 R=2 R N N N N R=46 R
  LOOP 2000A R > : level billing_provider BillingProvider
    HL R 1 : R N R=20 R=1
    PRV S 1 : R=BI R=PXC R
    CUR S 1 : R=85 R
    LOOP 2010AA R 1 : field party Party
      NM1 R 1 : R=85 R=1,2 R S S N S S=XX S
      {STREET.format("R")}
      {PLACE.format("R")}
      REF R 1 : R=EI,SY R
      REF S 2 : R=0B,1G R
      {CONTACT.format("2")}
    LOOP 2010AB S 1 : field pay_to Party
      NM1 R 1 : R=87 R=1,2
      {STREET.format("R")}
      {PLACE.format("R")}
    LOOP 2010AC S 1 : field pay_to_plan Party
      NM1 R 1 : R=PE R=2 R N N N N R=PI,XV R
      {STREET.format("R")}
      {PLACE.format("R")}
      REF S 1 : R=2U,FY,NF R
      REF R 1 : R=EI R
    LOOP 2000B R > : level subscriber SubscriberLevel
      HL R 1 : R R R=22 R=0,1
      SBR R 1 : R=A,B,C,D,E,F,G,H,P,S,T,U S=18 S S S={INSURANCE_TYPE} N N N S=@filing
      PAT S 1 : N N N N S=D8 S S=01 S S=Y
      LOOP 2010BA R 1 : field party Party
        NM1 R 1 : R=IL R=1,2 R S S N S S=II,MI S
        {STREET.format("S")}
        {PLACE.format("S")}
        DMG S 1 : R=D8 R R=F,M,U
        REF S 1 : R=SY R
        REF S 1 : R=Y4 R
        PER S 1 : R=IC S R=TE R S=EX S
      LOOP 2010BB R 1 : field payer Party
        NM1 R 1 : R=PR R=2 R N N N N R=PI,XV R
        {STREET.format("S")}
        {PLACE.format("S")}
        REF S 3 : R=2U,EI,FY,NF R
        REF S 2 : R=G2,LU R
{claim("S", 3)}
      LOOP 2000C S > : level patient PatientLevel
        HL R 1 : R R R=23 R=0
        PAT R 1 : R=01,19,20,21,39,40,53,G8 N N N S=D8 S S=01 S S=Y
        LOOP 2010CA R 1 : field party Party
          NM1 R 1 : R=QC R=1 R S S N S
          {STREET.format("R")}
          {PLACE.format("R")}
          DMG R 1 : R=D8 R R=F,M,U
          REF S 1 : R=Y4 R
          REF S 1 : R=1W,SY R
          PER S 1 : R=IC S R=TE R S=EX S
{claim("R", 4)}
"""
