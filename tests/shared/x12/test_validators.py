"""What the writer makes passes the independent validators that know the transaction; their false alarms are named."""

import io
import json
import logging

import pytest
import pyx12.params
import pyx12.x12n_document

from shared import x12
from tests.harness.validators import x12sdk_reads
from tests.shared.x12 import examples

logging.getLogger("pyx12").setLevel(logging.CRITICAL)


def pyx12_answer(data, tmp_path):
    """(accepted, what it complains of)."""
    path = tmp_path / "file.x12"
    path.write_bytes(data)
    answer = io.StringIO()
    accepted = pyx12.x12n_document.x12n_document(
        param=pyx12.params.params(),
        src_file=str(path),
        fd_997=io.StringIO(),
        fd_html=None,
        fd_json=answer,
        map_path=None,
    )
    return accepted, json.loads(answer.getvalue())


BROKEN = examples.write_837p().replace(b"97124:GP*120", b"97124:GP*121").replace(b"N4*SEATTLE*WA", b"N4**WA", 1)
FOR_PYX12 = {
    "837P": examples.write_837p(),
    "837P of one claim": examples.write_837p(examples.claim()),
    "835": examples.write_835(),
    "835 with a reversal": examples.write_835(examples.payment(), examples.reversal()),
    "835 without money": examples.write_835(examples.denial()),
    "277CA": examples.write_277ca(),
    "277CA of refused claims": examples.write_277ca(BROKEN),
    "999": examples.write_999(examples.write_837p()),
    "999 of refused claims": examples.write_999(BROKEN),
    "999 for an 835": examples.write_999(examples.write_835()),
}
FOR_X12SDK = {
    "837P": examples.write_837p(),
    "835": examples.write_835(),
    "835 with a reversal": examples.write_835(examples.payment(), examples.reversal()),
    "270": examples.write_270(),
    "271": examples.write_271(examples.responses()[1]),
    "276": examples.write_276(),
    "277": examples.write_277(),
}


@pytest.mark.parametrize("name", FOR_PYX12)
def test_pyx12_accepts_what_the_writer_makes(name, tmp_path):
    accepted, answer = pyx12_answer(FOR_PYX12[name], tmp_path)
    assert accepted, answer


@pytest.mark.parametrize("name", FOR_X12SDK)
def test_x12sdk_accepts_what_the_writer_makes(name, tmp_path):
    assert x12sdk_reads(FOR_X12SDK[name], tmp_path) == 1


@pytest.mark.parametrize("name", [*FOR_PYX12, *FOR_X12SDK])
def test_our_own_check_finds_nothing_in_what_the_writer_makes(name):
    data = FOR_PYX12.get(name) or FOR_X12SDK[name]
    assert x12.check(data, strict=True).findings == ()


def test_x12sdk_takes_the_quantity_qualifier_of_a_benefit_for_a_number(tmp_path):
    with pytest.raises(ValueError, match="quantity_qualifier"):
        x12sdk_reads(examples.write_271(examples.responses()[0]), tmp_path)


def test_x12sdk_knows_only_the_reasons_of_the_provider_level_for_a_subscriber(tmp_path):
    with pytest.raises(ValueError, match="reject_reason_code"):
        x12sdk_reads(examples.write_271(examples.refusal("75")), tmp_path)


def test_pyx12_wants_an_stc_in_every_provider_level_of_a_277ca(tmp_path):
    data = examples.write_277ca()
    start = data.index(b"STC*A1:19:40**WQ*1400~", data.index(b"NM1*85"))
    shorter = data[:start] + data[data.index(b"~", start) + 1 :]
    count = shorter[shorter.index(b"SE*") + 3 : shorter.index(b"*", shorter.index(b"SE*") + 3)]
    shorter = shorter.replace(b"SE*" + count, b"SE*%d" % (int(count) - 1))
    assert x12.check(shorter).ok
    accepted, _ = pyx12_answer(shorter, tmp_path)
    assert not accepted


def test_pyx12_refuses_a_277ca_without_provider_levels(tmp_path):
    answer = x12.acknowledge_claims(
        examples.write_837p(),
        clearinghouse=examples.payer(),
        reference="R1",
        created=examples.TODAY,
        created_time="1100",
    )[0]
    one = answer.records[0]
    receiver = examples.msgspec_replace(one.receiver, parents=(one.source,))
    transaction = x12.Transaction(type="277CA", control_number="0001", header=answer.header, records=(receiver,))
    data = x12.write(examples.envelope(), [transaction])
    assert x12.check(data).ok
    accepted, _ = pyx12_answer(data, tmp_path)
    assert not accepted
