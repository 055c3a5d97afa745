"""The token of `GET /metrics`, from the file that a setting names."""

from shared.private_files import read_private_file
from shared.settings import Settings
from shared.startup import CannotStart

MIN_TOKEN, MAX_TOKEN = 24, 500


class MetricsTokenUnusable(CannotStart):
    """The file of the token is missing, or what it holds is too short to be a secret."""


def metrics_token(settings: Settings) -> str | None:
    """The token that /metrics wants, or None where the setting is not set. Raises MetricsTokenUnusable, and
    ReadableByOthers."""
    file = settings.metrics_token_file
    if file is None:
        return None
    try:
        token = read_private_file(file, MAX_TOKEN + 1).decode("ascii", "replace").strip()
    except FileNotFoundError:
        token = ""
    if not MIN_TOKEN <= len(token) <= MAX_TOKEN or not token.isprintable() or not token.isascii():
        raise MetricsTokenUnusable(
            f"{file}, which HANDBILL_METRICS_TOKEN_FILE names, holds no token of {MIN_TOKEN} to {MAX_TOKEN} "
            f"characters; make one with: openssl rand -hex 32 > {file} && chmod 600 {file}"
        )
    return token
