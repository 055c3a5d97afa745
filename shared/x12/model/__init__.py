"""What a transaction set is: its guide (which segments and loops it may have), its typed records, and how elements fill
their fields.
"""
