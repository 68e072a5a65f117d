"""The way to the mail server: encrypted and checked, or not taken at all."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from orion_core.runtime import MailNotSent
from orion_host.mailer import mailer_of
from orion_host.settings import HostSettings, MissingSetting
from tests.core.mail.office import PostOffice

Open = Callable[..., PostOffice]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate for 127.0.0.1 that signs itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def send(url: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@orion.example", "lena@example.com", "Hello"
    message.set_content("Hello")
    settings = HostSettings(smtp_url=SecretStr(url), mail_from="shop@orion.example")
    mailer_of(settings).send(message)


def test_mail_goes_through_tls_with_a_login(open_office: Open, tls: ssl.SSLContext, trusted: None) -> None:
    office = open_office(tls, auth_require_tls=False)
    send(f"smtps://shop%40orion:kettle@127.0.0.1:{office.port}")
    assert [message["Subject"] for message in office.received] == ["Hello"]
    assert office.logins == [b"shop@orion"]


def test_starttls_comes_before_login_and_mail(open_office: Open, tls: ssl.SSLContext, trusted: None) -> None:
    office = open_office(tls_context=tls, require_starttls=True, auth_required=True)
    send(f"smtp://shop:kettle@127.0.0.1:{office.port}")
    assert (len(office.received), office.logins) == (1, [b"shop"])


def test_a_certificate_nobody_vouches_for_is_refused(open_office: Open, tls: ssl.SSLContext) -> None:
    office = open_office(tls)
    with pytest.raises(MailNotSent, match="CERTIFICATE_VERIFY_FAILED") as refused:
        send(f"smtps://127.0.0.1:{office.port}")
    assert not refused.value.permanent
    assert office.received == []


def test_a_server_without_starttls_gets_nothing_unless_told_so(open_office: Open) -> None:
    office = open_office()
    with pytest.raises(MailNotSent, match="STARTTLS"):
        send(f"smtp://shop:kettle@127.0.0.1:{office.port}")
    assert (office.received, office.logins) == ([], [])
    send(f"smtp://127.0.0.1:{office.port}?tls=none")
    assert len(office.received) == 1


def test_a_wrong_password_is_told_and_worth_another_try(open_office: Open, tls: ssl.SSLContext, trusted: None) -> None:
    office = open_office(tls, auth_require_tls=False)
    with pytest.raises(MailNotSent, match="does not accept the login") as refused:
        send(f"smtps://shop:wrong@127.0.0.1:{office.port}")
    assert not refused.value.permanent
    assert "wrong" not in str(refused.value)


def test_a_server_that_is_not_there_is_worth_another_try(open_office: Open) -> None:
    with pytest.raises(MailNotSent, match="ConnectionRefusedError") as refused:
        send("smtp://127.0.0.1:9?tls=none")
    assert not refused.value.permanent


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example", "smtp://mail.example?tls=maybe"])
def test_what_is_no_server_stops_the_start(url: str) -> None:
    with pytest.raises(MissingSetting, match="ORION_SMTP_URL"):
        mailer_of(HostSettings(smtp_url=SecretStr(url)))


def test_the_password_is_not_shown() -> None:
    settings = HostSettings(smtp_url=SecretStr("smtps://shop:kettle@mail.example"))
    assert "kettle" not in repr(settings) + repr(mailer_of(settings))


def test_without_a_server_mail_is_caught() -> None:
    mailer = mailer_of(HostSettings(smtp_url=SecretStr(""), mail_from="shop@orion.example"))
    assert (mailer.delivers, mailer.sender) == (False, "shop@orion.example")
    with pytest.raises(MissingSetting, match="ORION_MAIL_FROM"):
        mailer_of(HostSettings(mail_from="nobody"))
