"""HTML forms read into pydantic models; on bad input the page is shown again with what was typed."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse

from orion_core.errors import Conflict, InvalidInput, OrionError
from orion_core.web.pages import render, translate

M = TypeVar("M", bound=BaseModel)

FORM_ERRORS = (InvalidInput, Conflict)
"""What a form is shown again for."""


@dataclass(frozen=True, slots=True)
class Submitted(Generic[M]):
    """What a form sent.

    Args:
        model: The validated input, or ``None`` if it has errors.
        values: What was typed, field by field, to fill the form again.
        errors: Field name to what is wrong with it.
    """

    model: M | None
    values: dict[str, Any]
    errors: dict[str, str]

    @property
    def data(self) -> M:
        """The validated input.

        Raises:
            InvalidInput: If the form has errors.
        """
        if self.model is None:
            raise InvalidInput(errors=self.errors)
        return self.model


def submitted(model: type[M]) -> Any:
    """Return the dependency that reads a form into ``Submitted[model]``.

    Args:
        model: A pydantic model; a field that is a list collects repeated inputs.
    """

    async def read(request: Request) -> Submitted[M]:
        return parse_form(model, await request.form())

    return Depends(read)


def parse_form(model: type[M], form: FormData) -> Submitted[M]:
    """Validate form data.

    Args:
        model: The pydantic model to read into.
        form: The submitted fields; empty text counts as absent.
    """
    lists = {name for name, field in model.model_fields.items() if "list" in str(field.annotation).lower()}
    values: dict[str, Any] = {
        name: form.getlist(name) if name in lists else form[name] for name in form if name in model.model_fields
    }
    given = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    try:
        parsed = model.model_validate({name: value for name, value in given.items() if value != ""})
    except ValidationError as error:
        errors = {str(item["loc"][0]) if item["loc"] else "": _plain(item["msg"]) for item in error.errors()}
        return Submitted(None, values, errors)
    return Submitted(parsed, values, {})


def _plain(message: str) -> str:
    return "This field is required" if message == "Field required" else message.removeprefix("Value error, ")


def show_again(
    request: Request, template: str, form: Submitted[Any], error: OrionError | None = None, **variables: Any
) -> HTMLResponse:
    """Return the form's page with what was typed and what is wrong with it.

    Args:
        request: The request that sent the form.
        template: The page of the form; it gets ``values`` and ``errors`` by field.
        form: What was sent.
        error: What a service refused it for.
        variables: What the template needs besides.
    """
    found = error.fields.get("errors", {}) if error else {}
    errors = {**form.errors, **found} or {"": error.detail if error else ""}
    shown = {name: translate(text) for name, text in errors.items()}
    status = error.status if error else InvalidInput.status
    return render(request, template, status=status, values=form.values, errors=shown, **variables)
