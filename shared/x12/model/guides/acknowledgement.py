"""The 999, implementation acknowledgement (005010X231A1), on one page."""

TITLE = "acknowledgement of a group"
TRIGGER = "CTX S 10 : R^10(R=SITUATIONAL_TRIGGER S) R R S S(R S S) S(R S)"
UNIT = "CTX S 10 : R^10(R=CLM01,TRN02,NM109,PATIENT_NAME_NM109,SUBSCRIBER_NAME_NM109,ENT01,SUBSCRIBER_NUMBER_REF02 S)"

TEXT = f"""
LOOP HEADER R 1 : whole Acknowledgement
  ST R 1 : R=999 R R
  AK1 R 1 : R=BE,FA,HB,HC,HI,HN,HP,HR,HS,RA R S
  LOOP 2000 S > : list transactions TransactionAcknowledgement
    AK2 R 1 : R R S
    LOOP 2100 S > : list errors SegmentError
      IK3 R 1 : R R S S=1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9
      {TRIGGER}
      {UNIT}
      LOOP 2110 S > : list elements ElementError
        IK4 R 1 : R(R S S) S R=@element_error S
        {TRIGGER}
    IK5 R 1 : R=A,E,M,R,W,X {"S=@transaction_error " * 5}
  AK9 R 1 : R=A,E,M,P,R,W,X R R R {"S=@group_error " * 5}
"""
