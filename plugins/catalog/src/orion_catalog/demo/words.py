"""Word tables of the demo catalogue, by hand in English, French, German and Luxembourgish.

A product's name is an article and a trait; both tables say everything in the order of ``LANGUAGES``. Traits stand
after a comma, so that no language has to bend them.
"""

from __future__ import annotations

from typing import NamedTuple

LANGUAGES = ("en", "fr", "de", "lb")

Texts = tuple[str, str, str, str]


class Article(NamedTuple):
    """A kind of thing: its picture, prices from and to in cents, name, and what is said of it."""

    picture: str
    low: int
    high: int
    name: Texts
    about: Texts


class Department(NamedTuple):
    """A category with the traits its articles come in; makers are invented."""

    key: str
    name: Texts
    picture: str
    tax_class: str
    makers: tuple[str, ...]
    traits: tuple[Texts, ...]
    articles: tuple[Article, ...]


COLOURS: tuple[Texts, ...] = (
    ("sage green", "vert sauge", "salbeigrün", "salveigréng"),
    ("deep blue", "bleu profond", "tiefblau", "déifblo"),
    ("warm grey", "gris chaud", "warmgrau", "waarmgro"),
    ("brick red", "rouge brique", "ziegelrot", "zillrout"),
    ("honey yellow", "jaune miel", "honiggelb", "hunneggiel"),
    ("natural white", "blanc naturel", "naturweiß", "naturwäiss"),
)
TASTES: tuple[Texts, ...] = (
    ("mild", "doux", "mild", "mëll"),
    ("strong", "corsé", "kräftig", "staark"),
    ("organic", "bio", "bio", "bio"),
    ("small jar", "petit format", "kleine Größe", "kleng Gréisst"),
    ("family size", "format familial", "Familiengröße", "Familljegréisst"),
)
EDITIONS: tuple[Texts, ...] = (
    ("paperback", "broché", "Taschenbuch", "Täschebuch"),
    ("hardback", "relié", "gebunden", "gebonnen"),
    ("gift edition", "édition cadeau", "Geschenkausgabe", "Cadeausausgab"),
)
SIZES: tuple[Texts, ...] = (
    ("small", "petit modèle", "klein", "kleng"),
    ("medium", "modèle moyen", "mittel", "mëttel"),
    ("large", "grand modèle", "groß", "grouss"),
    ("set of two", "lot de deux", "im Zweierset", "am Zweeërset"),
)
PROMISE: Texts = (
    "From {maker}. Sent within two working days.",
    "De {maker}. Expédié sous deux jours ouvrables.",
    "Von {maker}. Versand innerhalb von zwei Werktagen.",
    "Vun {maker}. Gëtt bannent zwee Wierkdeeg verschéckt.",
)
