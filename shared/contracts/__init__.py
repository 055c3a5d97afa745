"""Wire models: all that one service, or an outside program, knows of another.

Rules kept here: a *command* (what a caller sends) refuses members it does not know; a *view* (what a service
answers) ignores them, so that a newer service never breaks an older caller. Money is integer cents, dates are
ISO 8601, enums are lower snake and open to new values in views. Numbers are strict: `false` is never 0.
"""
