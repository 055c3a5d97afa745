"""Signing keys follow one another: published before they sign, and until the last token that they signed has ended."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from services.access.domain.signing_schedule import LEEWAY, LONGEST_TOKEN, ScheduledKey, signing_key, state_of
from services.access.flows.signing_keys import list_keys, replace_leaked, rotate
from services.access.signing import FIRST, LOOK_SECONDS, SigningKeyDamaged, load_signer
from shared.clocks import SetClock
from shared.errors import Unauthorized
from shared.security.tokens import MAX_TOKEN_SECONDS

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
AFTER = timedelta(minutes=15)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "signing.pem"


@pytest.fixture
def wall_clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def signer(path, wall_clock, monotonic):
    return load_signer(path, "handbill", wall_clock, monotonic)


def published(signer) -> list[str]:
    return [jwk["kid"] for jwk in signer.jwks()["keys"]]


@pytest.mark.safeguard("API2")
def test_a_new_key_is_published_first_signs_later_and_the_one_before_stays_until_its_tokens_have_ended(
    signer, path, wall_clock, monotonic
) -> None:
    first = signer.key_id
    second = rotate(path, NOW, AFTER).scheduled.key_id
    monotonic.advance(LOOK_SECONDS)
    assert (signer.key_id, published(signer)) == (first, [first, second])
    wall_clock.advance(AFTER - timedelta(seconds=1))
    assert signer.key_id == first
    wall_clock.advance(timedelta(seconds=1))
    assert (signer.key_id, published(signer)) == (second, [first, second])
    wall_clock.advance(LONGEST_TOKEN + LEEWAY)
    assert published(signer) == [first, second]
    assert signer.find(first)
    wall_clock.advance(timedelta(seconds=1))
    assert published(signer) == [second]
    with pytest.raises(Unauthorized) as refused:
        signer.find(first)
    assert refused.value.problem_code == "token_key_unknown"


def test_no_token_lives_longer_than_the_key_that_signed_it_is_published() -> None:
    assert timedelta(seconds=MAX_TOKEN_SECONDS) == LONGEST_TOKEN


def test_a_rotation_removes_keys_whose_tokens_have_ended(signer, path, wall_clock) -> None:
    first = signer.key_id
    second = rotate(path, NOW, AFTER).scheduled.key_id
    later = NOW + AFTER + LONGEST_TOKEN + LEEWAY + timedelta(seconds=1)
    states = {one.key_id: one.state for one in list_keys(path, later)}
    assert states == {first: "ended", second: "signing"}
    third = rotate(path, later, AFTER).scheduled.key_id
    assert {one.key_id: one.state for one in list_keys(path, later)} == {second: "signing", third: "published"}


@pytest.mark.safeguard("API2")
def test_a_leaked_key_is_gone_at_once_and_the_new_one_signs(signer, path, monotonic) -> None:
    first = signer.key_id
    rotate(path, NOW, AFTER)
    replaced = replace_leaked(path, NOW).scheduled.key_id
    monotonic.advance(LOOK_SECONDS)
    assert (signer.key_id, published(signer)) == (replaced, [replaced])
    assert first != replaced


def test_the_folder_is_looked_at_once_a_second_and_a_damaged_key_in_it_changes_nothing(signer, path, monotonic) -> None:
    first = signer.key_id
    made = rotate(path, NOW, timedelta(0))
    assert signer.key_id == first
    monotonic.advance(LOOK_SECONDS)
    assert signer.key_id == made.scheduled.key_id
    made.file.with_name("signing-20260302T180000Z.pem").write_text("no key")
    made.file.with_name("signing-of-another-thing.pem").write_text("no key of ours")
    monotonic.advance(LOOK_SECONDS)
    assert signer.key_id == made.scheduled.key_id
    for file in path.parent.iterdir():
        file.unlink()
    monotonic.advance(LOOK_SECONDS)
    assert signer.key_id == made.scheduled.key_id


def test_where_the_clock_was_set_back_the_oldest_key_signs() -> None:
    keys = [ScheduledKey("b", NOW + timedelta(days=1)), ScheduledKey("a", NOW)]
    assert signing_key(keys, NOW - timedelta(days=1)).key_id == "a"
    assert state_of(keys, keys[0], NOW) == "published"
    assert signing_key([ScheduledKey("only", FIRST)], NOW).key_id == "only"


def test_the_signing_key_is_made_once_also_by_many_at_once(path, wall_clock, monotonic) -> None:
    with ThreadPoolExecutor(8) as pool:
        signers = list(pool.map(lambda _: load_signer(path, "handbill", wall_clock, monotonic), range(8)))
    assert len({signer.key_id for signer in signers}) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["signing.pem"]


def test_a_key_that_others_may_read_or_that_is_damaged_is_refused(signer, path, wall_clock, monotonic) -> None:
    rotated = rotate(path, NOW, AFTER).file
    assert stat.S_IMODE(rotated.stat().st_mode) == 0o600
    rotated.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        load_signer(path, "handbill", wall_clock, monotonic)
    rotated.chmod(0o600)
    rotated.write_text("no key")
    with pytest.raises(SigningKeyDamaged, match="restore it from its copy"):
        load_signer(path, "handbill", wall_clock, monotonic)
