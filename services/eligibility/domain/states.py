"""How an inquiry's state moves: one table `(state, event) -> state`.

An inquiry is `sent` before it leaves, so that a process that dies meanwhile has left its trace. It stays so while
nobody knows whether it arrived, and within 90 seconds nobody asks the same again.
"""

SENT, ANSWERED, UNDELIVERED = "sent", "answered", "undelivered"

ANSWER, BOUNCE, SILENCE = "answer", "bounce", "silence"

TRANSITIONS: dict[tuple[str, str], str] = {
    (SENT, ANSWER): ANSWERED,
    (SENT, BOUNCE): UNDELIVERED,
    (SENT, SILENCE): SENT,
}
