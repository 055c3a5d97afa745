"""Writing: an envelope and typed records to bytes, strict and deterministic.

The guide that reads a transaction also writes it: its order, its usage, its patterns. HL numbers and the counts of SE,
GE and IEA come from what was written. A record that the guide cannot hold is refused with `WriteError`, which names the
field and never a value.
"""

from collections.abc import Iterable, Iterator

from shared.x12.codegen.compiled_guide import compiled_guide
from shared.x12.model.envelope import Delimiters, Envelope, Group, Interchange, Transaction
from shared.x12.model.guides.grammar import Guide
from shared.x12.model.records.acknowledgement import InterchangeAcknowledgement
from shared.x12.model.values import format_date
from shared.x12.writing.field_types import check_own_types, check_types
from shared.x12.writing.read_back import check_read_back
from shared.x12.writing.segment_output import SegmentOutput
from shared.x12.writing.transaction_writer import TransactionWriter
from shared.x12.writing.write_error import WriteError


def write(envelope: Envelope, transactions: Iterable[Transaction], *, careful: bool = False) -> bytes:
    """One interchange with one group of transactions of one kind (or TA1s, without a group).

    Raises `WriteError` when a record cannot be written as the guide wants it. Facts of the world (check digits, code
    lists) and balance are not looked at here: `check` does that. `careful` writes every record segment by segment, as
    is done otherwise only where something is wrong: the bytes are the same, and it takes ten times as long.
    """
    return b"".join(write_pieces(envelope, transactions, careful=careful))


def write_pieces(envelope: Envelope, transactions: Iterable[Transaction], *, careful: bool = False) -> Iterator[bytes]:
    """The same, transaction by transaction, for files that are too large to hold."""
    check_types(envelope)
    delimiters = checked_delimiters(envelope.interchange)
    output = SegmentOutput(delimiters, envelope.newline)
    isa(output, envelope.interchange)
    group: Group | None = None
    code = ""
    count = acknowledgements = 0
    opening = b""
    for transaction in transactions:
        check_own_types(transaction)
        if transaction.type == "TA1":
            acknowledgements += 1
            ta1(output, transaction)
            continue
        try:
            compiled = compiled_guide(transaction.type, delimiters)
        except KeyError:
            raise WriteError("type", "no guide for this type of transaction") from None
        if group is None:
            group = checked_group(envelope, compiled.guide)
            code = compiled.guide.type
            gs(output, group)
            opening = b"".join(output.pieces)
        if compiled.guide.type != code:
            raise WriteError("type", "all transactions of a group are of one type")
        count += 1
        before = len(output.pieces)
        writer = TransactionWriter(compiled, output, careful=careful)
        writer.write(transaction)
        written = output.pieces[before:]
        if not writer.by_segments:
            written = [*output.pieces[before : writer.header_pieces], *output.pieces[-2:]]
        check_read_back(opening + b"".join(written), transaction, records=writer.by_segments)
        yield output.drain()
    if group is not None:
        output.segment(["GE", str(count), group.control_number], "group")
    if group is None and not acknowledgements:
        raise WriteError("transactions", "there is nothing to write")
    output.segment(["IEA", "1" if group is not None else "0", envelope.interchange.control_number], "interchange")
    yield output.drain()


def checked_delimiters(interchange: Interchange) -> Delimiters:
    """The delimiters, if they can be distinguished."""
    delimiters = interchange.delimiters
    try:
        usable = delimiters.usable
    except UnicodeEncodeError:
        raise WriteError("interchange/delimiters", "delimiters are single bytes") from None
    if not usable or len(delimiters.element + delimiters.component + delimiters.segment) != 3:
        raise WriteError("interchange/delimiters", "delimiters are four different characters, no letters or digits")
    return delimiters


def checked_group(envelope: Envelope, guide: Guide) -> Group:
    """The group with functional id and version of its transactions."""
    group = envelope.group
    if group is None:
        raise WriteError("group", "transactions need a group")
    if group.functional_id not in ("", guide.functional_id):
        raise WriteError("group/functional_id", "does not fit the transactions")
    return Group(
        functional_id=guide.functional_id,
        sender=group.sender,
        receiver=group.receiver,
        date=group.date,
        time=group.time,
        control_number=group.control_number,
        version=guide.version,
    )


def isa(output: SegmentOutput, interchange: Interchange) -> None:
    """The ISA with its fixed widths."""
    if interchange.date is None:
        raise WriteError("interchange/date", "is missing")
    values = (
        ("authorization_qualifier", interchange.authorization_qualifier, 2),
        ("authorization", interchange.authorization, 10),
        ("security_qualifier", interchange.security_qualifier, 2),
        ("security", interchange.security, 10),
        ("sender_qualifier", interchange.sender_qualifier, 2),
        ("sender", interchange.sender, 15),
        ("receiver_qualifier", interchange.receiver_qualifier, 2),
        ("receiver", interchange.receiver, 15),
        ("date", format_date(interchange.date)[2:], 6),
        ("time", interchange.time, 4),
        ("repetition", output.delimiters.repetition_separator.decode("latin-1"), 1),
        ("version", "00501", 5),
        ("control_number", interchange.control_number, 9),
        ("acknowledgement_requested", "1" if interchange.acknowledgement_requested else "0", 1),
        ("usage", interchange.usage, 1),
    )
    padded = {"authorization", "security", "sender", "receiver"}
    elements = ["ISA"]
    for name, value, width in values:
        text = value.ljust(width) if name in padded else value
        numeric = name in ("time", "control_number") and not value.isdigit()
        if len(text) != width or numeric:
            raise WriteError(f"interchange/{name}", f"has to have {width} characters")
        # ISA11 is a delimiter, which the check of characters would refuse.
        if name != "repetition":
            output.check_isa_element(text, f"interchange/{name}")
        elements.append(text)
    if not interchange.sender.strip() or not interchange.receiver.strip():
        raise WriteError("interchange/sender", "sender and receiver are needed")
    output.add_raw([*elements, output.delimiters.component_separator.decode("latin-1")])


def gs(output: SegmentOutput, group: Group) -> None:
    """The GS."""
    output.check_no_placeholder(group, "group")
    if group.date is None:
        raise WriteError("group/date", "is missing")
    if not (group.control_number.isdigit() and len(group.control_number) <= 9):
        raise WriteError("group/control_number", "is one to nine digits")
    for name in ("sender", "receiver"):
        if not 2 <= len(getattr(group, name)) <= 15:
            raise WriteError(f"group/{name}", "has two to fifteen characters")
    if not (group.time.isdigit() and len(group.time) in (4, 6, 8)):
        raise WriteError("group/time", "is HHMM or HHMMSS")
    values = [group.functional_id, group.sender, group.receiver, format_date(group.date), group.time]
    output.segment(["GS", *values, group.control_number, "X", group.version], "group")


def ta1(output: SegmentOutput, transaction: Transaction) -> None:
    """TA1 segments, which come right after the ISA."""
    for index, record in enumerate(transaction.records):
        if not isinstance(record, InterchangeAcknowledgement):
            raise WriteError(f"records/{index}", "a TA1 is made from an InterchangeAcknowledgement")
        check_types(record, ("records", str(index)))
        output.check_no_placeholder(record, f"records/{index}")
        day = format_date(record.date)[2:]
        output.segment(["TA1", record.control_number, day, record.time, record.code, record.note], f"records/{index}")
