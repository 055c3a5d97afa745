"""Calls to others over HTTP: whom we trust, how long we wait, and how much of an answer we read.

Every answer comes from a process that may be broken or hostile, so nothing is read whole before it is measured.
"""

from shared.outgoing.answers import Answer, AnswerLimits, AnswerRefused, AnswerTooLarge, exchange
from shared.outgoing.client import http_client, service_client

__all__ = ["Answer", "AnswerLimits", "AnswerRefused", "AnswerTooLarge", "exchange", "http_client", "service_client"]
