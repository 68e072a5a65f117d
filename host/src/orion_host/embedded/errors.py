"""The one error of the embedded servers, so that a caller can print what is wrong and what to do about it."""


class EmbeddedServerError(Exception):
    """An embedded server cannot be started, used or stopped.

    Args:
        message: The fact and its cause, with the last lines of the server's log where they tell more.
        hint: What to do about it.
    """

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}"
