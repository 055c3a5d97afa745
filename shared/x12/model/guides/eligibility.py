"""The 270 and 271 (005010X279A1), on one page: a question about benefits and its answer."""

# These are tables, made to be read across.
# ruff: noqa: E501

TITLE_270 = "eligibility question"
TITLE_271 = "eligibility answer"
PROCEDURE = "AD,CJ,HC,ID,IV,N4,ZZ"
SOURCE = "NM1 R 1 : R=2B,36,GP,P5,PR R=1,2 S S S N S R=24,46,FI,NI,PI,XV,XX R"
RECEIVER = "NM1 R 1 : R=1P,2B,36,80,FA,GP,P5,PR R=1,2 S S S N S R=24,34,FI,PI,PP,SV,XV,XX R"
PROVIDER = "PRV S 1 : R=AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SB,SK,SU S=9K,D3,EI,HPI,PXC,SY,TJ S"
IDS = "R=0B,1C,1D,1J,1L,1W,18,28,3H,49,4A,6P,9F,A6,CT,EA,EI,EJ,EL,EO,F6,G1,GH,HJ,HPI,IF,IG,JD,ML,MRC,N5,N6,N7,NQ,Q4,SY,TJ,Y4"
AAA = "AAA S 9 : R=N,Y N R=@rejections R=@follow_ups"
HEALTH = "HI S 1 : R(R=ABK,BK R) S(R=ABF,BF R) S(R=ABF,BF R) S(R=ABF,BF R) S(R=ABF,BF R) S(R=ABF,BF R) S(R=ABF,BF R) S(R=ABF,BF R)"
COVERAGE = "CHD,DEP,ECH,EMP,ESP,FAM,IND,SPC,SPO"
CONTACT = "PER S 3 : R=IC S S=ED,EM,FX,TE,UR,WP,HP S S=ED,EM,EX,FX,TE,UR,WP,HP S S=ED,EM,EX,FX,TE,UR,WP,HP S"

QUESTION = f"""
LOOP 2110 S > : member_list questions BenefitQuestion
  EQ R 1 : S^99 S(R={PROCEDURE} R S S S S S) S={COVERAGE} S S(R S S S)
  AMT S 1 : R=R R
  AMT S 1 : R=PB R
  III S 1 : R=GR,NI,ZZ R
  REF S 1 : R=9F,G1 R
  DTP S 1 : R=291 R=D8,RD8 R
"""
BENEFIT = f"""
LOOP 2110 S > : member_list benefits BenefitInformation
  EB R 1 : R=@benefit S={COVERAGE} S^99 S S S S S S S S=N,U,Y S=N,U,W,Y S(R={PROCEDURE} R S S S S S) S(R S S S)
  HSD S 9 : S S S S S S S S
  REF S 9 : {IDS} R S
  DTP S 20 : R R=D8,RD8 R
  {AAA}
  MSG S 10 : R
  LOOP 2115 S 10 : list additional AdditionalInformation
    III R 1 : S S S S
  LOOP 2120H S 1 : inline
    LS R 1 : R
    LOOP 2120 R 23 : list entities Party
      NM1 R 1 : R=@patient_eligibility_entities R=1,2 S S S N S S S S
      N3 S 1 : R S
      N4 S 1 : R S S S N N S
      {CONTACT}
      PRV S 1 : R S S
    LE R 1 : R
"""
MEMBER_270 = """
LOOP 2100{level} R 1 : field party Party
  NM1 R 1 : R={entity} R=1,2 S S S N S S=24,II,MI S
  REF S 9 : {ids} R
  N3 S 1 : R S
  N4 S 1 : R S S S N N S
  {provider}
  DMG S 1 : S=D8 S S=F,M,U
  !INS S 1 : R=N,Y R=01,18,19,21,34 N N N N N N N N N N N N N N S
  !{health}
  !DTP S 2 : R=102,291 R=D8,RD8 R
"""
MEMBER_271 = """
LOOP 2100{level} R 1 : field party Party
  NM1 R 1 : R={entity} R=1,2 S S S N S S=24,II,MI S
  REF S 9 : {ids} R S
  N3 S 1 : R S
  N4 S 1 : R S S S N N S
  {contact}
  {aaa}
  {provider}
  DMG S 1 : S=D8 S S=F,M,U
  !INS S 1 : R=N,Y R=01,18,19,20,21,34,39,40,53,G8 S=001 S=25 N N N N N N N N N N N N S
  !{health}
  !DTP S 9 : R R=D8,RD8 R
  !MPI S 9 : R R R S S S S
"""


def beneath(text: str, depth: int, **values: str) -> str:
    """A piece of the guide with its values filled in, indented to its place."""
    text = text.format(**values) if values else text
    return "\n".join("  " * depth + line for line in text.splitlines() if line.strip())


def member(text: str, level: str, entity: str, depth: int) -> str:
    """The name loop of a subscriber or dependent."""
    parts = {"ids": IDS, "provider": PROVIDER, "health": HEALTH, "contact": CONTACT, "aaa": AAA}
    return beneath(text, depth, level=level, entity=entity, **parts)


TEXT_270 = f"""
LOOP HEADER R 1 : header EligibilityHeader
  ST R 1 : R=270 R R
  BHT R 1 : R=0022 R=01,13,36 S R R S=RT
  LOOP 2000A R > : level source InformationSource
    HL R 1 : R N R=20 R=1
    LOOP 2100A R 1 : field party Party
      {SOURCE}
    LOOP 2000B R > : level receiver InformationReceiver
      HL R 1 : R R R=21 R=1
      LOOP 2100B R 1 : field party Party
        {RECEIVER}
        REF S 9 : {IDS} R S
        N3 S 1 : R S
        N4 S 1 : R S S S N N S
        {PROVIDER}
      LOOP 2000C R > : member subscriber Member EligibilityInquiry
        HL R 1 : R R R=22 R=0,1
        TRN S 2 : R=1 R R S
{member(MEMBER_270, "C", "IL", 4)}
{beneath(QUESTION, 4)}
        LOOP 2000D S > : member dependent Member EligibilityInquiry
          HL R 1 : R R R=23 R=0
          TRN S 2 : R=1 R R S
{member(MEMBER_270, "D", "03", 5)}
{beneath(QUESTION, 5)}
"""
TEXT_271 = f"""
LOOP HEADER R 1 : header EligibilityHeader
  ST R 1 : R=271 R R
  BHT R 1 : R=0022 R=06,11 S R R
  LOOP 2000A R > : level source InformationSource leaf BenefitResponse
    HL R 1 : R N R=20 R=0,1
    {AAA}
    LOOP 2100A R 1 : field party Party
      {SOURCE}
      {CONTACT}
      {AAA}
    LOOP 2000B S > : level receiver InformationReceiver leaf BenefitResponse
      HL R 1 : R R R=21 R=0,1
      LOOP 2100B R 1 : field party Party
        {RECEIVER}
        REF S 9 : {IDS} R S
        N3 S 1 : R S
        N4 S 1 : R S S S N N S
        {AAA}
        {PROVIDER}
      LOOP 2000C S > : member subscriber Member BenefitResponse
        HL R 1 : R R R=22 R=0,1
        TRN S 3 : R=1,2 R R S
{member(MEMBER_271, "C", "IL", 4)}
{beneath(BENEFIT, 4)}
        LOOP 2000D S > : member dependent Member BenefitResponse
          HL R 1 : R R R=23 R=0
          TRN S 3 : R=1,2 R R S
{member(MEMBER_271, "D", "03", 5)}
{beneath(BENEFIT, 5)}
"""
