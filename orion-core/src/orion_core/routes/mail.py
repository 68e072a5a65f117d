"""Pages of mail: what was written to whom, and what became of it; a store sees its own."""

from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from orion_core.context import current_context
from orion_core.contributions import Area
from orion_core.errors import Conflict, NotFound
from orion_core.files import list_files, read_file
from orion_core.mail import send_again
from orion_core.models.mail import ENDED, OPEN, MailMessage
from orion_core.runtime import current_runtime
from orion_core.services.mails import get_mail, list_mails
from orion_core.web import (
    Cursor,
    CursorDep,
    PlatformSessionDep,
    Router,
    SessionDep,
    file_response,
    next_cursor,
    redirect,
    render,
    requires,
)
from orion_core.web import translate as _

admin_router = Router(prefix="/mail")
store_router = Router(prefix="/mail")
VIEW_ALL = [requires("core.view_all_mail")]
VIEW = [requires("core.view_mail")]
MANAGE = [requires("core.manage_mail")]
SEALED = (
    "default-src 'none'; img-src https: data:; frame-ancestors 'self'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail is shown as a page that can do nothing but open its links beside it."""


@admin_router.get("", dependencies=VIEW_ALL)
def show_all(request: Request, session: PlatformSessionDep, cursor: CursorDep, *, q: str = "", state: str = "") -> Any:
    return _list(request, session, cursor, q, state)


@store_router.get("", dependencies=VIEW)
def show_own(request: Request, session: SessionDep, cursor: CursorDep, *, q: str = "", state: str = "") -> Any:
    return _list(request, session, cursor, q, state)


@admin_router.get("/{mail_id}", dependencies=VIEW_ALL)
def show_any(request: Request, session: PlatformSessionDep, mail_id: UUID) -> Any:
    return _show(request, session, mail_id)


@store_router.get("/{mail_id}", dependencies=VIEW)
def show(request: Request, session: SessionDep, mail_id: UUID) -> Any:
    return _show(request, session, mail_id)


@admin_router.get("/{mail_id}/body", dependencies=VIEW_ALL)
def show_any_body(session: PlatformSessionDep, mail_id: UUID) -> Response:
    return _body(session, mail_id)


@store_router.get("/{mail_id}/body", dependencies=VIEW)
def show_body(session: SessionDep, mail_id: UUID) -> Response:
    return _body(session, mail_id)


@admin_router.get("/{mail_id}/files/{file_id}", dependencies=VIEW_ALL)
def download_any(session: PlatformSessionDep, mail_id: UUID, file_id: UUID) -> Response:
    return _download(session, mail_id, file_id)


@store_router.get("/{mail_id}/files/{file_id}", dependencies=VIEW)
def download(session: SessionDep, mail_id: UUID, file_id: UUID) -> Response:
    return _download(session, mail_id, file_id)


@admin_router.get("/{mail_id}/again", dependencies=MANAGE)
def ask(request: Request, session: PlatformSessionDep, mail_id: UUID) -> Any:
    return render(request, "core/mails/again.html", mail=get_mail(session, mail_id))


@admin_router.post("/{mail_id}/again", dependencies=MANAGE)
def again(session: PlatformSessionDep, mail_id: UUID) -> Any:
    try:
        send_again(session, mail_id)
    except Conflict:
        return redirect(f"/mail/{mail_id}", _("This mail cannot be sent again now."), level="danger")
    return redirect(f"/mail/{mail_id}", _("The mail is on its way again."))


def _list(request: Request, session: Session, cursor: Cursor, q: str, state: str) -> Any:
    mails, key = list_mails(session, q=q, state=state, after=cursor.after, limit=cursor.limit)
    return render(
        request,
        "core/mails/list.html",
        mails=mails,
        states=(*OPEN, *ENDED),
        delivers=current_runtime().mailer.delivers,
        query=dict(request.query_params),
        next=next_cursor(key) or "",
    )


def _show(request: Request, session: Session, mail_id: UUID) -> Any:
    mail = get_mail(session, mail_id)
    return render(
        request,
        "core/mails/mail.html",
        mail=mail,
        is_readable=_is_readable(mail),
        files=list_files(session, [UUID(file_id) for file_id in mail.attachments]),
        delivers=current_runtime().mailer.delivers,
    )


def _body(session: Session, mail_id: UUID) -> Response:
    mail = get_mail(session, mail_id)
    if not _is_readable(mail):
        raise NotFound("what this mail says is not shown")
    return HTMLResponse(mail.html, headers={"content-security-policy": SEALED})


def _download(session: Session, mail_id: UUID, file_id: UUID) -> Response:
    if str(file_id) not in get_mail(session, mail_id).attachments:
        raise NotFound("this mail has no such attachment")
    return file_response(read_file(session, file_id))


def _is_readable(mail: MailMessage) -> bool:
    """A link that opens something is for its recipient; an admin sees it while nothing is sent, as in the demo."""
    return bool(mail.html) and (not mail.is_secret or (current_context().area is Area.ADMIN and mail.state == "caught"))
