"""The X12 codec: bytes to typed records, findings and acknowledgements, and records back to bytes.

Sans I/O: it takes and returns bytes, reads no clock and no file, and imports nothing else of ours. Bad data gives
findings, never exceptions; only the writer refuses (`WriteError`). README.md shows how a file flows through it.
"""

from shared.x12.acknowledgement.claim_acknowledgement import ClaimAcknowledgement as ClaimAcknowledgement
from shared.x12.acknowledgement.claim_acknowledgement import ClaimVerdict as ClaimVerdict
from shared.x12.acknowledgement.claim_acknowledgement import acknowledge_claims as acknowledge_claims
from shared.x12.acknowledgement.claim_acknowledgement import claim_statuses as claim_statuses
from shared.x12.acknowledgement.file_acknowledgement import FileAcknowledgement as FileAcknowledgement
from shared.x12.acknowledgement.file_acknowledgement import acknowledge as acknowledge
from shared.x12.check_report import Report as Report
from shared.x12.check_report import check as check
from shared.x12.explain.code_meanings import status_category_meaning as status_category_meaning
from shared.x12.model.envelope import Delimiters as Delimiters
from shared.x12.model.envelope import Envelope as Envelope
from shared.x12.model.envelope import Group as Group
from shared.x12.model.envelope import Interchange as Interchange
from shared.x12.model.envelope import Transaction as Transaction
from shared.x12.model.registry import *  # noqa: F403 - the records of every transaction set
from shared.x12.reading.events import Closed as Closed
from shared.x12.reading.events import Event as Event
from shared.x12.reading.events import Noted as Noted
from shared.x12.reading.events import Opened as Opened
from shared.x12.reading.events import Record as Record
from shared.x12.reading.options import Limits as Limits
from shared.x12.reading.reader import read as read
from shared.x12.reading.whole_file import File as File
from shared.x12.reading.whole_file import ReadTransaction as ReadTransaction
from shared.x12.reading.whole_file import read_all as read_all
from shared.x12.splitting.segments import Segments as Segments
from shared.x12.splitting.segments import segments as segments
from shared.x12.validation.code_lists import CodeLists as CodeLists
from shared.x12.validation.finding import Severity as Severity
from shared.x12.validation.finding import ValidationFinding as ValidationFinding
from shared.x12.validation.totals import Totals as Totals
from shared.x12.writing.write_error import WriteError as WriteError
from shared.x12.writing.writer import write as write
from shared.x12.writing.writer import write_pieces as write_pieces
