"""What both services write into X12 files in the same way, whatever transaction set they send.

It knows X12's conventions, and nothing of claims or eligibility.
"""
