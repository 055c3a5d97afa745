-- One database a service; run once, when the server is new.
CREATE DATABASE handbill_access;
CREATE DATABASE handbill_eligibility;
CREATE DATABASE handbill_notes;
CREATE DATABASE handbill_claims;
CREATE DATABASE handbill_clearinghouse;
