"""The pages of mail: admins see everybody's, a store its own, strangers none; a mail's body can do nothing."""

import re

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from orion_core.context import use_context
from orion_core.db import unit_of_work
from orion_core.files import store_file
from orion_core.mail import send_again
from orion_core.runtime import use_runtime
from orion_core.services.neutralize import neutralize
from orion_core.states import IllegalTransition
from orion_core.testing import Market, Worker
from tests.core.mail.mails import row, send
from tests.core.mail.office import PostOffice


def test_everybody_sees_the_mail_that_is_theirs(market: Market) -> None:
    with use_context(market.mine):
        mine = send(to="mine@example.com")
    with use_context(market.other):
        other = send(to="other@example.com")
    store = f"/stores/{market.mine.store.code}/mail"
    admin, manager = market.client("admin"), market.client("manager")
    assert all(each in admin.get("/admin/mail").text for each in ("mine@example.com", "other@example.com"))
    assert "mine@example.com" in manager.get(store).text
    assert "other@example.com" not in manager.get(store).text
    assert manager.get(f"{store}/{mine.id}").status_code == 200
    for path in (f"/{other.id}", f"/{other.id}/body"):
        assert manager.get(f"{store}{path}").status_code == 404
        assert admin.get(f"/admin/mail{path}").status_code == 200


@pytest.mark.parametrize("role", ["staff", "support", "viewer", "marketing"])
def test_other_roles_of_a_store_see_no_mail(market: Market, role: str) -> None:
    store = f"/stores/{market.mine.store.code}"
    assert market.client(role).get(f"{store}/mail").status_code == 403
    assert f'href="{store}/mail"' not in market.client(role).get(f"{store}/").text
    assert f'href="{store}/mail"' in market.client("manager").get(f"{store}/").text
    assert market.client(role).get("/admin/mail").status_code in {303, 403}


def test_lists_are_filtered_by_state_and_recipient_and_paged(market: Market) -> None:
    with use_context(market.mine):
        for number in range(3):
            send(to=f"a{number}@example.com")
    admin = market.client("admin")
    assert "a1@example.com" in admin.get("/admin/mail?q=a1@&state=caught").text
    assert "a2@example.com" not in admin.get("/admin/mail?q=a1@").text
    assert "No mail is like that" in admin.get("/admin/mail?state=sent").text
    first = admin.get("/admin/mail?limit=2").text
    assert ("a2@example.com" in first, "a0@example.com" in first, 'rel="next"' in first) == (True, False, True)


@pytest.mark.parametrize(("locale", "word"), [("fr", "Retenu"), ("de", "Abgefangen"), ("lb", "Opgefaangen")])
def test_pages_speak_the_readers_language(market: Market, locale: str, word: str) -> None:
    with use_context(market.mine):
        mail = send()
    for path in ("", f"/{mail.id}"):
        assert word in market.client("admin").get(f"/admin/mail{path}?lang={locale}").text


def test_a_mails_body_can_do_nothing_but_open_links(market: Market) -> None:
    with use_context(market.mine):
        mail = send()
    admin = market.client("admin")
    page = admin.get(f"/admin/mail/{mail.id}")
    assert f'src="/admin/mail/{mail.id}/body"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    body = admin.get(f"/admin/mail/{mail.id}/body")
    policies = body.headers.get_list("content-security-policy")
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'")
    assert "sandbox" in policies[0]
    assert "Ada &amp; &lt;Co&gt;" in body.text


def test_secret_links_are_shown_to_admins_only_and_only_where_nothing_is_sent(sending: Market, market: Market) -> None:
    store, admin, manager = f"/stores/{market.mine.store.code}/mail", market.client("admin"), market.client("manager")
    with use_runtime(market.stage.runtime):
        caught = send(secret=True)
    waiting = send(secret=True, key="test.cause:2")
    assert "/invitations/abc" in admin.get(f"/admin/mail/{caught.id}/body").text
    assert manager.get(f"{store}/{caught.id}/body").status_code == 404
    assert "for its recipient only" in manager.get(f"{store}/{caught.id}").text
    assert admin.get(f"/admin/mail/{waiting.id}/body").status_code == 404
    assert "/invitations/abc" not in admin.get(f"/admin/mail/{waiting.id}").text


def test_attachments_are_saved_and_not_shown(market: Market) -> None:
    with use_context(market.mine):
        with unit_of_work() as session:
            name = 'Über "uns".html'
            file_id = store_file(session, name=name, media_type="text/html", content=b"<script>")
            hidden = store_file(session, name="b.txt", media_type="text/plain", content=b"b")
        mail = send(attachments=(file_id,))
    manager, path = market.client("manager"), f"/stores/{market.mine.store.code}/mail/{mail.id}"
    answer = manager.get(f"{path}/files/{file_id}")
    assert (answer.content, answer.headers["x-content-type-options"]) == (b"<script>", "nosniff")
    assert answer.headers["content-disposition"].startswith('attachment; filename="_ber _uns_.html"; filename*=UTF-8')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert manager.get(f"{path}/files/{hidden}").status_code == 404


def test_a_failed_mail_is_sent_again_after_a_question(serving: Market, office: PostOffice, worker: Worker) -> None:
    mail, admin = send(), serving.client("admin")
    path = f"/admin/mail/{mail.id}"
    assert "/again" not in admin.get(path).text
    office.refusals.append("550 no such user")
    worker.run_all()
    assert "550 no such user" in admin.get(path).text
    assert f'action="{path}/again"' in admin.get(f"{path}/again").text
    assert row(mail.id).state == "failed"
    assert admin.post(f"{path}/again").headers["location"] == path
    assert admin.post(f"{path}/again").headers["location"] == path
    worker.run_all()
    assert [message["To"] for message in office.received] == ["lena@example.com"]


def test_a_store_cannot_send_again(market: Market) -> None:
    with use_context(market.mine):
        mail = send()
    path = f"/stores/{market.mine.store.code}/mail/{mail.id}/again"
    assert market.client("manager").post(path).status_code == 404
    assert market.client("manager").post(f"/admin/mail/{mail.id}/again").status_code in {303, 403}
    assert row(mail.id).state == "caught"


def test_an_invitation_is_mailed_and_its_link_opens_the_page(
    serving: Market, office: PostOffice, worker: Worker
) -> None:
    path = f"/stores/{serving.mine.store.code}/team"
    owner = serving.client("owner")
    roles = re.findall(r'<option value="([0-9a-f-]{36})"', owner.get(path).text)
    given = {"email": "new@example.com", "role_id": roles[0]}
    assert "We mail this link" in owner.post(f"{path}/invitations", data=given).text
    worker.run_all()
    (message,) = office.received
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+?)\)", body.get_content())
    assert found is not None
    assert "new@example.com" in serving.client().get(found[1]).text
    assert owner.get("/admin/mail").status_code in {303, 403}


def test_nothing_is_sent_from_a_copy_that_was_made_harmless(
    sending: Market, office: PostOffice, worker: Worker
) -> None:
    mail = send(secret=True)
    engine = create_engine(sending.stage.urls.owner)
    with Session(engine) as session, session.begin():
        done = neutralize(session)
    engine.dispose()
    assert (done["mails cancelled"], done["mails with secrets emptied"]) == (1, 1)
    assert (row(mail.id).state, row(mail.id).html) == ("cancelled", "")
    with pytest.raises(AssertionError, match="cancelled"):
        worker.run_all()
    with unit_of_work() as session, pytest.raises(IllegalTransition):
        send_again(session, mail.id)
    assert office.received == []
