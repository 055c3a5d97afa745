"""The one exception of the writer."""


class WriteError(ValueError):
    """A record cannot be written: `pointer` names the field (`lines/0/procedure/code`); no value is ever
    quoted.
    """

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer}: {message}")
        self.pointer = pointer
        self.message = message
