"""The 278 (005010X217), on one page: request for review and response share their shape here."""

TITLE = "review of services"
AAA = "AAA S 9 : R=N,Y N S=@rejections S=@follow_ups"
NAME = "NM1 R {most} : R={entity} R=1,2 S S S S S S=24,34,46,EI,II,MI,PI,SV,XV,XX S"
REF = "REF S 9 : R R S"
CONTACT = "PER S 1 : R=IC S S=EM,EX,FX,TE,UR S S=EM,EX,FX,TE,UR S S=EM,EX,FX,TE,UR S"
UM = "UM {usage} 1 : R=AR,HS,IN,SC S=1,2,3,4,5,6,7,8,9,I,R,S,N S S(R S=A,B S) S(R S S S S) S S S S S"
HCR = "HCR S 1 : R=A1,A2,A3,A4,A6,C,CT,NA S S S"
OTHERS = """HSD S 1 : S S S S S S S S
CRC S 9 : R R R S S S S
CL1 S 1 : S S S
CR1 S 1 : S S S S S S S S S S
CR2 S 1 : S S S S S S S S S S S S
CR5 S 1 : S S S S S S S S S S S S N N N S S
CR6 S 1 : R R S S S S R R S S S S S S S S S S S S S"""
PARTY = """LOOP 2010{level} S 14 : list parties Party
  NM1 R 1 : R S=1,2 S S S S S S=24,34,46,EI,II,MI,PI,SV,XV,XX S
  REF S 9 : R R S
  N3 S 1 : R S
  N4 S 1 : R S S S N N S
  PER S 3 : R=IC S S S S S S S
  AAA S 9 : R=N,Y N S=@rejections S=@follow_ups
  PRV S 1 : R R R"""
PWK = "PWK S 10 : R R N N S=AC S"


def beneath(text: str, depth: int) -> str:
    """A piece of the guide indented to its place."""
    return "\n".join("  " * depth + line for line in text.splitlines() if line.strip())


EVENT = f"""
LOOP 2000E S > : record Review
  HL R 1 : R R R=EV R=0,1
  TRN S 3 : R=1,2 R R S
  {AAA}
  {UM.format(usage="R")}
  {HCR}
  {REF}
  DTP S 9 : R R=D8,RD8,DT R
  HI S 1 : R(R R S=D8 S) {"S(R R S=D8 S) " * 11}
{beneath(OTHERS, 1)}
  {PWK}
  MSG S 1 : R
{beneath(PARTY.format(level="E"), 1)}
  LOOP 2000F S > : list services ReviewService
    HL R 1 : R R R=SS R=0
    TRN S 3 : R=1,2 R R S
    {AAA}
    {UM.format(usage="S")}
    {HCR}
    {REF}
    DTP S 9 : R R=D8,RD8,DT R
    SV1 S 1 : R(R R S S S S S S) S S S N N S(R S S S) N N N S N N N N N N N N S
    SV2 S 1 : S S(R R S S S S S S) S S S S N N N S
    SV3 S 1 : R(R R S S S S S S) S N S(R S S S S) S S S
    TOO S 32 : R R S(R S S S S)
    HSD S 1 : S S S S S S S S
    {PWK}
    MSG S 1 : R
{beneath(PARTY.format(level="F"), 2)}
"""
MEMBER = """LOOP 2010{level} R 1 : field party Party
  NM1 R 1 : R={entity} R=1,2 S S S S S S=MI,II,24 S
  REF S 9 : R R S
  N3 S 1 : R S
  N4 S 1 : R S S S N N S
  AAA S 9 : R=N,Y N S=@rejections S=@follow_ups
  DMG S 1 : S=D8 S S=F,M,U
  !INS S 1 : R=N,Y R S S N N N S N N N N N N N N S"""

TEXT = f"""
LOOP HEADER R 1 : header ReviewHeader
  ST R 1 : R=278 R R
  BHT R 1 : R=0007 R=01,11,13,36 R R R S=18,19,AT,RU
  LOOP 2000A R 1 : level reviewer Party leaf Review
    HL R 1 : R N R=20 R=0,1
    {AAA}
    LOOP 2010A R 1 : inline
      {NAME.format(most="1", entity="X3")}
      {CONTACT}
      {AAA}
    LOOP 2000B S > : level requester Party leaf Review
      HL R 1 : R R R=21 R=0,1
      LOOP 2010B R 1 : inline
        {NAME.format(most="1", entity="1P,FA")}
        {REF}
        N3 S 1 : R S
        N4 S 1 : R S S S N N S
        {CONTACT}
        {AAA}
        PRV S 1 : R R R
      LOOP 2000C S > : level subscriber ReviewMember leaf Review
        HL R 1 : R R R=22 R=0,1
        TRN S 3 : R=1,2 R R S
        HI S 1 : R(R R S=D8 S) {"S(R R S=D8 S) " * 11}
{beneath(MEMBER.format(level="C", entity="IL"), 4)}
{beneath(EVENT, 4)}
        LOOP 2000D S > : level dependent ReviewMember leaf Review
          HL R 1 : R R R=23 R=0,1
          TRN S 3 : R=1,2 R R S
          HI S 1 : R(R R S=D8 S) {"S(R R S=D8 S) " * 11}
{beneath(MEMBER.format(level="D", entity="QC"), 5)}
{beneath(EVENT, 5)}
"""
