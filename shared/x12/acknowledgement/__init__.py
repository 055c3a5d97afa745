"""The answers to a file that was received: TA1, 999 and 277CA, made from its findings."""
