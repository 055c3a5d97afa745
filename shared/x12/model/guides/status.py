"""The 276 and 277 (005010X212) and the 277CA (005010X214), on one page: asking for and telling the state of claims."""

TITLE_276 = "claim status request"
TITLE_277 = "claim status"
TITLE_277CA = "claim acknowledgement"
PROCEDURE = "R=AD,ER,HC,HP,IV,N4,NU,WK R S S S S S"
STC = "R(R R S=@entities {}) {} {} {} {} {} {} {} {} S(R R S=@entities {}) S(R R S=@entities {})"
STC_277 = "STC R > : " + STC.format("S=RX", "R", "N", "S", "S", "S", "N", "S", "S", "S=RX", "S=RX")
STC_CA = "STC R > : " + STC.format("N", "R", "R=U,WQ", "R", "N", "N", "N", "N", "N", "N", "N")
REQUEST_REFS = "1K,BLT,EA,EJ,G1,LU,XZ"

TEXT_276 = """
LOOP HEADER R 1 : header StatusHeader
  ST R 1 : R=276 R R
  BHT R 1 : R=0010 R=13 R R S
  LOOP 2000A R > : level source LevelStatus
    HL R 1 : R N R=20 R=1
    LOOP 2100A R 1 : field party Party
      NM1 R 1 : R=PR R=2 R N N N N R=PI,XV R
    LOOP 2000B R > : level receiver LevelStatus
      HL R 1 : R R R=21 R=1
      LOOP 2100B R 1 : field party Party
        NM1 R 1 : R=41 R=1,2 S S S N N R=46 R
      LOOP 2000C R > : level provider LevelStatus
        HL R 1 : R R R=19 R=1
        LOOP 2100C R 2 : field party Party
          NM1 R 1 : R=1P R=1,2 S S S N S R=FI,SV,XX R
        LOOP 2000D R > : level subscriber Party
          HL R 1 : R R R=22 R=0,1
          DMG S 1 : R=D8 R S=F,M,U
          LOOP 2100D R 1 : inline
            NM1 R 1 : R=IL R=1,2 R S S N S R=24,II,MI R
{subscriber}
          LOOP 2000E S > : level dependent Party
            HL R 1 : R R R=23
            DMG R 1 : R=D8 R S=F,M,U
            LOOP 2100E R 1 : inline
              NM1 R 1 : R=QC R=1 R S S N S
{dependent}
"""
INQUIRY = f"""
LOOP 2200{{level}} S > : record StatusInquiry
  TRN R 1 : R=1 R
  {"".join(f"REF S 1 : R={q} R{chr(10)}  " for q in REQUEST_REFS.split(","))}
  AMT S 1 : R=T3 R
  DTP S 1 : R=472 R=D8,RD8 R
  LOOP 2210{{level}} S > : list lines LineInquiry
    SVC R 1 : R({PROCEDURE}) R N S N N R
    REF S 1 : R=FJ R
    DTP R 1 : R=472 R=D8,RD8 R
"""
TEXT_277 = f"""
LOOP HEADER R 1 : header StatusHeader
  ST R 1 : R=277 R R
  BHT R 1 : R=0010 R=08 R R R R=DG,NO
  LOOP 2000A R > : level source LevelStatus
    HL R 1 : R N R=20 R=1
    LOOP 2100A R 1 : field party Party
      NM1 R 1 : R=PR R=2 R N N N N R=PI,XV R
      PER S 1 : R=IC S R=ED,EM,FX,TE R S=ED,EM,EX,FX,TE S S=ED,EM,EX,FX,TE S
    LOOP 2000B R > : level receiver LevelStatus alone
      HL R 1 : R R R=21 R=0,1
      LOOP 2100B R 1 : field party Party
        NM1 R 1 : R=41 R=1,2 S S S N N R=46 R
      LOOP 2200B S 1 : inline
        TRN R 1 : R=2 R
        {STC_277}
      LOOP 2000C S > : level provider LevelStatus alone
        HL R 1 : R R R=19 R=0,1
        LOOP 2100C R 2 : field party Party
          NM1 R 1 : R=1P R=1,2 S S S N S R=FI,SV,XX R
        LOOP 2200C S 1 : inline
          TRN R 1 : R=1 R
          {STC_277}
        LOOP 2000D S > : level subscriber Party
          HL R 1 : R R R=22 R=0,1
          LOOP 2100D R 1 : inline
            NM1 R 1 : R=IL R=1,2 R S S N S R=24,II,MI R
{{subscriber}}
          LOOP 2000E S > : level dependent Party
            HL R 1 : R R R=23
            LOOP 2100E R 1 : inline
              NM1 R 1 : R=QC R=1 R S S N S
{{dependent}}
"""
ANSWER = f"""
LOOP 2200{{level}} S > : record ClaimStatus
  TRN R 1 : R=2 R
  {STC_277}
  {"".join(f"REF S 1 : R={q} R{chr(10)}  " for q in ["1K", "BLT", "EA", "EJ", "XZ", "VV", "D9"])}
  DTP S 1 : R=472 R=D8,RD8 R
  LOOP 2220{{level}} S > : list lines LineStatus
    SVC R 1 : R({PROCEDURE}) R R S N N S
    {STC_277}
    REF S 1 : R=FJ R
    DTP R 1 : R=472 R=D8,RD8 R
"""
TEXT_277CA = f"""
LOOP HEADER R 1 : header StatusHeader
  ST R 1 : R=277 R R
  BHT R 1 : R=0085 R=08 R R R R=TH
  LOOP 2000A R > : level source LevelStatus
    HL R 1 : R N R=20 R=1
    LOOP 2100A R 1 : field party Party
      NM1 R 1 : R=AY,PR R=2 R N N N N R=46,FI,PI,XV R
    LOOP 2200A R > : inline
      TRN R 1 : R=1 R
      DTP R 1 : R=050 R=D8 R
      DTP R 1 : R=009 R=D8 R
    LOOP 2000B R 1 : level receiver LevelStatus alone
      HL R 1 : R R R=21 R=0,1
      LOOP 2100B R 1 : field party Party
        NM1 R 1 : R=41 R=1,2 R S S N N R=46 R
      LOOP 2200B R 1 : inline
        TRN R 1 : R=2 R
        {STC_CA}
        QTY S 1 : R=90 R
        QTY S 1 : R=AA R
        AMT S 1 : R=YU R
        AMT S 1 : R=YY R
      LOOP 2000C S > : level provider LevelStatus alone
        HL R 1 : R R R=19 R=0,1
        LOOP 2100C R 1 : field party Party
          NM1 R 1 : R=85 R=1,2 R S S S S R=FI,SV,XX R
        LOOP 2200C S 1 : inline
          TRN R 1 : R=1 R
          {STC_CA.replace("STC R", "STC S").replace(" R R=U,WQ", " S R=U,WQ")}
          REF S 1 : R=0B,1G,G2,LU,SY,TJ R
          QTY S 1 : R=QA R
          QTY S 1 : R=QC R
          AMT S 1 : R=YU R
          AMT S 1 : R=YY R
        LOOP 2000D R > : level subscriber Party
          HL R 1 : R R R=PT N
          LOOP 2100D R 1 : inline
            NM1 R 1 : R=QC R=1 R S S S S R=II,MI R
          LOOP 2200D S > : record ClaimStatus
            TRN R 1 : R=2 R
            {STC_CA} S
            REF S 1 : R=1K R
            REF S 1 : R=D9 R
            REF S 1 : R=BLT R
            DTP R 1 : R=472 R=D8,RD8 R
            LOOP 2220D S > : list lines LineStatus
              SVC R 1 : R({PROCEDURE}) R N S N N S
              {STC_CA.replace(" R R=U,WQ R", " S R=U,WQ N")}
              REF S 1 : R=FJ R
              REF S 1 : R=XZ R
              DTP S 1 : R=472 R=D8,RD8 R
"""


def beneath(text: str, level: str, depth: int) -> str:
    """The claim loop, named for its level and indented to its place."""
    return "\n".join("  " * depth + line for line in text.replace("{level}", level).splitlines() if line.strip())


TEXT_276 = TEXT_276.replace("{subscriber}", beneath(INQUIRY, "D", 5)).replace("{dependent}", beneath(INQUIRY, "E", 6))
TEXT_277 = TEXT_277.replace("{subscriber}", beneath(ANSWER, "D", 5)).replace("{dependent}", beneath(ANSWER, "E", 6))
