"""How the command says that it cannot do what was asked: one sentence for a person, exit status 1, no traceback."""


class CommandFailed(Exception):
    """The text is shown as it is."""
