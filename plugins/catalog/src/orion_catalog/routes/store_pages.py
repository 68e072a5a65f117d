"""The store team's pages for categories."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field

from orion_catalog.schemas import CategoryInput
from orion_catalog.services import categories
from orion_core.context import current_context
from orion_core.web import FORM_ERRORS, Router, SessionDep, Submitted, redirect, render, requires, show_again, submitted
from orion_core.web import translate as _

router = Router()
VIEW = [requires("catalog.view_products")]
MANAGE = [requires("catalog.manage_categories")]
FORM = "catalog/store/category_form.html"


class CategoryForm(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    slug: str | None = Field(default=None, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)
    parent_id: UUID | None = None
    position: int = Field(default=0, ge=0, le=10_000)
    image: str | None = Field(default=None, pattern=r"^(https://|/)[^/]", max_length=2000)
    name_en: str = ""
    name_fr: str = ""
    name_de: str = ""
    name_lb: str = ""
    version: int | None = None

    def given(self) -> CategoryInput:
        names = {code: name for code in ("en", "fr", "de", "lb") if (name := getattr(self, f"name_{code}").strip())}
        own = self.model_dump(include={"name", "slug", "parent_id", "position", "image"})
        return CategoryInput.model_validate({**own, "names": names})


CategoryFormDep = Annotated[Submitted[CategoryForm], submitted(CategoryForm)]


@router.get("/categories", dependencies=VIEW)
def list_categories(request: Request, session: SessionDep) -> Any:
    rows = categories.flatten(categories.get_tree(session))
    counts = categories.count_products(session)
    return render(request, "catalog/store/categories.html", rows=rows, counts=counts)


@router.get("/categories/new", dependencies=MANAGE)
def new_category(request: Request, session: SessionDep) -> Any:
    return render(request, FORM, values={}, errors={}, **_parts(session))


@router.post("/categories", dependencies=MANAGE)
def create_category(request: Request, session: SessionDep, form: CategoryFormDep) -> Any:
    try:
        categories.create_category(session, form.data.given())
    except FORM_ERRORS as error:
        session.rollback()
        return show_again(request, FORM, form, error, **_parts(session))
    return redirect("/categories", _("The category was created."))


@router.get("/categories/{category_id}", dependencies=MANAGE)
def show_category(request: Request, session: SessionDep, category_id: UUID) -> Any:
    category = categories.get_category(session, category_id)
    names = ("name", "slug", "parent_id", "position", "image", "version")
    values = {name: getattr(category, name) for name in names}
    values |= {f"name_{code}": name for code, name in category.names.items()}
    return render(request, FORM, values=values, errors={}, **_parts(session, category))


@router.post("/categories/{category_id}", dependencies=MANAGE)
def edit_category(request: Request, session: SessionDep, category_id: UUID, form: CategoryFormDep) -> Any:
    try:
        categories.edit_category(session, category_id, form.data.given(), form.data.version)
    except FORM_ERRORS as error:
        session.rollback()
        parts = _parts(session, categories.get_category(session, category_id))
        return show_again(request, FORM, form, error, **parts)
    return redirect("/categories", _("The category was saved."))


@router.get("/categories/{category_id}/delete", dependencies=MANAGE)
def ask_to_delete(request: Request, session: SessionDep, category_id: UUID) -> Any:
    category = categories.get_category(session, category_id)
    return render(request, "catalog/store/category_delete.html", category=category)


@router.post("/categories/{category_id}/delete", dependencies=MANAGE)
def delete_category(session: SessionDep, category_id: UUID) -> Any:
    categories.delete_category(session, category_id)
    return redirect("/categories", _("The category was removed."))


def _parts(session: Any, category: Any = None) -> dict[str, Any]:
    store = current_context().store
    others = categories.flatten(categories.get_tree(session))
    return {
        "category": category,
        "parents": [(depth, node) for depth, node in others if category is None or node.id != category.id],
        "languages": [code for code in store.locales if code != store.locale],
    }
