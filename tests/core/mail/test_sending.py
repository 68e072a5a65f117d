"""Mail on its way: once per cause, after the commit, tried again, never lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orion_core.context import NOWHERE, use_context
from orion_core.db import platform_scope, unit_of_work
from orion_core.errors import Conflict, InvalidInput, NotFound
from orion_core.files import store_file
from orion_core.ids import new_id
from orion_core.mail import send_again, send_mail
from orion_core.models.mail import MailMessage
from orion_core.models.task_run import TaskRun
from orion_core.posting import RETRIES
from orion_core.runtime import CatchingMail, current_runtime, use_runtime
from orion_core.services import mails
from orion_core.states import IllegalTransition
from orion_core.testing import Market, Worker
from tests.core.mail.mails import a_mail, row, send
from tests.core.mail.office import PostOffice


def test_a_mail_arrives_as_text_and_html_in_the_recipients_language(
    sending: Market, office: PostOffice, worker: Worker
) -> None:
    mail = send(locale="fr")
    assert (mail.state, office.received) == ("queued", [])
    assert worker.run_all() == ["core.send_mail"]
    (message,) = office.received
    store = sending.mine.store.name
    assert message["Subject"] == f"Invitation à rejoindre l\u2019équipe de {store}"
    assert message["From"] == f"{store} <shop@orion.example>"
    assert (message["To"], message["Auto-Submitted"]) == ("lena@example.com", "auto-generated")
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "Ada & <Co> vous invite" in text.get_content()
    assert "http://127.0.0.1:8000/invitations/abc" in text.get_content()
    assert "Ada &amp; &lt;Co&gt;" in html.get_content()
    sent = row(mail.id)
    assert (sent.state, sent.attempts, sent.error) == ("sent", 1, "")
    assert sent.ended_at is not None


def test_one_cause_mails_a_recipient_once(sending: Market, office: PostOffice, worker: Worker) -> None:
    send()
    with unit_of_work() as session:
        assert send_mail(session, a_mail(to=" LENA@example.com ")) is None
        assert send_mail(session, a_mail(to="ben@example.com")) is not None
    worker.run_all()
    assert [message["To"] for message in office.received] == ["lena@example.com", "ben@example.com"]


def test_another_stores_cause_is_another_one(sending: Market) -> None:
    send()
    with use_context(sending.other):
        assert send().store_id == sending.other.store_id


def test_what_is_rolled_back_mails_nobody(sending: Market, office: PostOffice, worker: Worker) -> None:
    class Undone(Exception):
        pass

    def undo() -> None:
        with unit_of_work() as session:
            send_mail(session, a_mail())
            raise Undone

    with pytest.raises(Undone):
        undo()
    assert worker.run_all() == []
    assert send().state == "queued"


def test_without_a_mail_server_mail_is_caught_at_once(market: Market, worker: Worker) -> None:
    with use_context(market.mine):
        mail = send()
    assert (mail.state, mail.run_id) == ("caught", None)
    assert worker.run_all() == []


def test_a_server_that_is_taken_away_catches_what_waits(sending: Market, office: PostOffice, worker: Worker) -> None:
    mail = send()
    with use_runtime(replace(current_runtime(), mailer=CatchingMail())):
        worker.run_all()
    assert (row(mail.id).state, office.received) == ("caught", [])


def test_a_server_that_is_busy_is_asked_again(sending: Market, office: PostOffice, worker: Worker) -> None:
    mail = send()
    office.refusals.append("451 come back later")
    with pytest.raises(AssertionError, match="queued: MailNotSent: 451 come back later"):
        worker.run_all()
    waiting = row(mail.id)
    assert (waiting.state, waiting.error, waiting.attempts) == ("queued", "451 come back later", 1)


def test_a_refusal_for_good_ends_the_mail_and_can_be_overcome_by_hand(
    sending: Market, office: PostOffice, worker: Worker
) -> None:
    mail = send()
    office.refusals.append("550 no such user")
    worker.run_all()
    assert (row(mail.id).state, row(mail.id).error) == ("failed", "550 no such user")
    with unit_of_work() as session:
        send_again(session, mail.id)
    worker.run_all()
    assert (row(mail.id).state, row(mail.id).attempts) == ("sent", 2)
    assert office.received[0]["Message-ID"] == f"<{mail.id}@orion.example>"


def test_after_the_last_attempt_the_mail_has_failed(sending: Market, office: PostOffice, worker: Worker) -> None:
    mail = send()
    with unit_of_work() as session:
        session.get_one(TaskRun, mail.run_id).attempts = RETRIES
    office.refusals.append("451 come back later")
    with pytest.raises(AssertionError, match="failed: MailNotSent"):
        worker.run_all()
    assert row(mail.id).state == "failed"


def test_only_the_run_that_was_asked_last_sends(sending: Market, office: PostOffice, worker: Worker) -> None:
    mail = send()
    office.refusals.append("550 no")
    worker.run_all()
    with unit_of_work() as session:
        send_again(session, mail.id)
        mails.get_mail(session, mail.id).run_id = new_id()
    worker.run_all()
    assert office.received == []


def test_a_mail_whose_worker_died_is_sent_with_the_same_id(sending: Market, office: PostOffice, worker: Worker) -> None:
    mail = send()
    with unit_of_work() as session:
        mails.move(mails.get_mail(session, mail.id), "sending")
    worker.run_all()
    assert (row(mail.id).state, row(mail.id).attempts) == ("sent", 2)
    assert office.received[0]["Message-ID"] == f"<{mail.id}@orion.example>"


def test_a_mail_on_its_way_or_sent_is_not_sent_again(sending: Market, worker: Worker) -> None:
    mail = send()
    with unit_of_work() as session, pytest.raises(IllegalTransition):
        send_again(session, mail.id)
    worker.run_all()
    with unit_of_work() as session, pytest.raises(IllegalTransition):
        send_again(session, mail.id)


def test_a_caught_mail_is_sent_once_there_is_a_server(sending: Market, office: PostOffice, worker: Worker) -> None:
    with use_runtime(replace(current_runtime(), mailer=CatchingMail())):
        mail = send()
        with unit_of_work() as session, pytest.raises(Conflict, match="ORION_SMTP_URL"):
            send_again(session, mail.id)
    with unit_of_work() as session:
        send_again(session, mail.id)
    worker.run_all()
    assert len(office.received) == 1


def test_the_installations_own_mail_is_sent_too(sending: Market, office: PostOffice, worker: Worker) -> None:
    with use_context(NOWHERE):
        with platform_scope("test") as session:
            mail_id = send_mail(session, a_mail())
        worker.run_all()
    assert (row(mail_id).state, row(mail_id).platform_id) == ("sent", None)
    assert office.received[0]["From"] == "Orion <shop@orion.example>"


def test_files_go_with_a_mail(sending: Market, office: PostOffice, worker: Worker) -> None:
    with unit_of_work() as session:
        file_id = store_file(session, name="Rechnung für Léa.pdf", media_type="application/pdf", content=b"%PDF")
        send_mail(session, a_mail(attachments=(file_id,)))
    worker.run_all()
    (attachment,) = office.received[0].iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("Rechnung für Léa.pdf", b"%PDF")


def test_a_file_of_another_store_cannot_go_with_a_mail(sending: Market) -> None:
    with use_context(sending.other), unit_of_work() as session:
        file_id = store_file(session, name="a.pdf", media_type="application/pdf", content=b"x")
    with unit_of_work() as session, pytest.raises(NotFound):
        send_mail(session, a_mail(attachments=(file_id,)))


def test_a_secret_link_is_forgotten_once_it_was_sent(sending: Market, office: PostOffice, worker: Worker) -> None:
    mail = send(secret=True)
    assert "abc" in mail.html
    worker.run_all()
    assert (row(mail.id).html, row(mail.id).text) == ("", "")
    assert "abc" in str(office.received[0])


@pytest.mark.parametrize(
    "address",
    ["", "lena", "lena@", "a@b, c@d", "a@b\nBcc: c@d", "Lena <a@b>", "a b@c", 'a"@b'],
)
def test_what_is_no_address_is_refused(sending: Market, address: str) -> None:
    with unit_of_work() as session, pytest.raises(InvalidInput):
        send_mail(session, a_mail(to=address))


def test_headers_cannot_be_broken_out_of(sending: Market, office: PostOffice, worker: Worker) -> None:
    send(sender_name='Eve\r\nBcc: all@example.com, "x" <y@z>')
    worker.run_all()
    (message,) = office.received
    assert message["Bcc"] is None
    assert message["From"].addresses[0].addr_spec == "shop@orion.example"
    assert message["From"].addresses[0].display_name == 'Eve Bcc: all@example.com, "x" <y@z>'


def test_mail_of_a_year_ago_is_forgotten(sending: Market, worker: Worker) -> None:
    mail = send()
    worker.run_all()
    with use_context(NOWHERE), platform_scope("test") as session:
        assert mails.forget_before(session, datetime.now(UTC)) == 0
        assert mails.forget_before(session, datetime.now(UTC) + mails.KEEP + timedelta(minutes=1)) == 1
        assert session.get(MailMessage, mail.id) is None
