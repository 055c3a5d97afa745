"""How the command says that it cannot do what was asked: one sentence for a person, no traceback."""


class CommandFailed(Exception):
    """The text is shown as it is; `status` is the exit status."""

    def __init__(self, text: str, *, status: int = 1) -> None:
        super().__init__(text)
        self.status = status
