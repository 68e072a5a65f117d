"""The mail server: one connection per mail, encrypted, with time limits; or none, then mail is caught."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from orion_core.runtime import CatchingMail, MailNotSent, MailTransport
from orion_host.settings import HostSettings, MissingSetting

SECONDS = 20.0
"""How long the server may take over each answer."""


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Mail through a server.

    Args:
        host: Its name, which its certificate has to bear.
        port: Its port.
        tls: ``implicit`` from the first byte, ``starttls`` demanded before anything is said, or ``none``.
        user: Login; empty if none is needed.
        password: Its password.
        sender: Address that mail comes from.
    """

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    sender: str
    delivers: bool = field(default=True, init=False)

    def send(self, message: EmailMessage) -> None:
        """Hand a message over.

        Raises:
            MailNotSent: If it was not taken; for good if the server refused the recipient or the message.
        """
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPAuthenticationError as error:
            raise MailNotSent(f"the mail server does not accept the login: {_said(error)}") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise MailNotSent(f"{code} {said.decode(errors='replace')}", permanent=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            raise MailNotSent(_said(error), permanent=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(f"{type(error).__name__}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls == "implicit":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        if self.tls == "starttls":
            try:
                server.starttls(context=context)
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
        return server


def mailer_of(settings: HostSettings) -> MailTransport:
    """Return how this installation sends mail.

    Args:
        settings: ``smtps://user:password@host`` or ``smtp://…``, which demands STARTTLS unless ``?tls=none`` says
            that the way to the server is safe by itself.

    Raises:
        MissingSetting: If the address is not one of these, or the sender is no address.
    """
    if "@" not in settings.mail_from.strip("@"):
        raise MissingSetting(f"ORION_MAIL_FROM is {settings.mail_from!r}, which is not an e-mail address")
    if settings.smtp_url is None or not settings.smtp_url.get_secret_value():
        return CatchingMail(settings.mail_from)
    url = urlsplit(settings.smtp_url.get_secret_value())
    wish = parse_qs(url.query).get("tls", [""])[0]
    if url.scheme not in {"smtp", "smtps"} or not url.hostname or wish not in {"", "none"}:
        raise MissingSetting("ORION_SMTP_URL must look like smtps://user:password@mail.example:465 or smtp://…:587")
    implicit = url.scheme == "smtps"
    return SmtpMail(
        host=url.hostname,
        port=url.port or (465 if implicit else 587),
        tls="implicit" if implicit else wish or "starttls",
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        sender=settings.mail_from,
    )


def _said(error: smtplib.SMTPResponseException) -> str:
    said = error.smtp_error
    return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
