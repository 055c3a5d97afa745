"""The 835, claim payment and remittance advice (005010X221A1), on one page."""

TITLE = "remittance"
CAS = "CAS S 99 : R=CO,OA,PI,PR R R S S S S S S S S S S S S S S S S"
PROCEDURES = "AD,ER,HC,HP,IV,N4,N6,NU,UI,WK"
PLB = " ".join(["S(R=@provider_adjustment S) S"] * 5)

TEXT = f"""
LOOP HEADER R 1 : header Remittance
  ST R 1 : R=835 R S
  BPR R 1 : R=C,D,H,I,P,U,X R R=C,D R=ACH,BOP,CHK,FWT,NON S=CCP,CTX S=01,04 S S=DA S S S S=01,04 S S=DA,SG S R
  TRN R 1 : R=1 R R S
  CUR S 1 : R=PR R
  REF S 1 : R=EV R
  REF S 1 : R=F2 R
  DTM S 1 : R=405 R
  LOOP 1000A R 1 : field payer Party
    N1 R 1 : R=PR R S=XV S
    N3 R 1 : R S
    N4 R 1 : R S S S N N S
    REF S 4 : R=2U,EO,HI,NF R
    PER S 1 : R=CX S S=EM,FX,TE S S=EM,EX,FX,TE S S=EX S
    PER R > : R=BL S S=EM,TE,UR S S=EM,EX,FX,TE,UR S S=EM,EX,FX,UR S
    PER S 1 : R=IC N R=UR R
  LOOP 1000B R 1 : field payee Party
    N1 R 1 : R=PE R R=FI,XV,XX R
    N3 S 1 : R S
    N4 S 1 : R S S S N N S
    REF S > : R=0B,D3,PQ,TJ R
    !RDM S 1 : R=BM,EM,FT,OL S S
  LOOP 2000 S > : level group ClaimGroup
    LX R 1 : R
    TS3 S 1 : R R R R R N N N N N N N S N S N S S N S S S S S
    TS2 S 1 : S S S S S S S S S S S S S S S S S S S
    LOOP 2100 R > : record ClaimPayment
      CLP R 1 : R R=1,2,3,4,19,20,21,22,23,25 R R S R=@filing R S S N S S S
      {CAS}
      NM1 R 1 : R=QC R=1 S S S N S S=34,HN,II,MI,MR S
      NM1 S 1 : R=IL R=1,2 S S S N S R=FI,II,MI R
      NM1 S 1 : R=74 R=1,2 S S S N S S=C S
      NM1 S 1 : R=82 R=1,2 S S S N S R=BD,BS,FI,MC,PC,SL,UP,XX R
      NM1 S 1 : R=TT R=2 R N N N N R=AD,FI,NI,PI,PP,XV R
      NM1 S 1 : R=PR R=2 R N N N N R=AD,FI,NI,PI,PP,XV R
      NM1 S 1 : R=GB R=1,2 S S S N S S=FI,II,MI S
      MIA S 1 : R {"S " * 23}
      MOA S 1 : S S S S S S S S S
      REF S 5 : R=@remarks_835 R
      REF S 10 : R=@provider_ids_835 R
      DTM S 2 : R=232,233 R
      DTM S 1 : R=036 R
      DTM S 1 : R=050 R
      PER S 2 : R=CX S R=EM,FX,TE R S=EM,EX,FX,TE S S=EX S
      AMT S 13 : R=AU,D8,DY,F5,I,NL,T,T2,ZK,ZL,ZM,ZN,ZO R
      QTY S 14 : R=CA,CD,LA,LE,NE,NR,OU,PS,VS,ZK,ZL,ZM,ZN,ZO R
      LOOP 2110 S 999 : list services ServicePayment
        SVC R 1 : R(R={PROCEDURES} R S S S S S) R R S S S(R={PROCEDURES} R S S S S S) S
        DTM S 2 : R=150,151,472 R
        {CAS}
        REF S 8 : R=1S,APC,BB,E9,G1,G3,LU,RB R
        REF S 1 : R=6R R
        REF S 10 : R=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,HPI,SY,TJ R
        REF S 5 : R=0K R
        AMT S 9 : R=B6,KH,T,T2,ZK,ZL,ZM,ZN,ZO R
        QTY S 6 : R=ZK,ZL,ZM,ZN,ZO R
        LQ S 99 : R=HE,RX R
  LOOP FOOTER S > : record ProviderAdjustment
    PLB R 1 : R R R(R=@provider_adjustment S) R {PLB}
"""
