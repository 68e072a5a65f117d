"""Names of the demo: invented marketplaces between the Moselle and the Ardennes."""

from typing import Any

PLATFORMS: list[dict[str, Any]] = [
    {"code": "nordlicht", "name": "Nordlicht Märkte", "locale": "de", "currency": "EUR"},
    {"code": "bocal", "name": "Bocal & Co", "locale": "fr", "currency": "EUR"},
]

MERCHANTS: list[dict[str, str]] = [
    {
        "code": "atelier-haff",
        "name": "Atelier Haff S.à r.l.",
        "platform": "nordlicht",
        "state": "active",
        "owner": "Mia Kieffer",
    },
    {
        "code": "maison-verte",
        "name": "Maison Verte SA",
        "platform": "bocal",
        "state": "active",
        "owner": "Louis Arend",
    },
    {
        "code": "kontor-sauer",
        "name": "Kontor Sauer GmbH",
        "platform": "nordlicht",
        "state": "suspended",
        "owner": "Jens Sauer",
    },
    {
        "code": "brasserie-our",
        "name": "Brasserie de l'Our",
        "platform": "bocal",
        "state": "in_review",
        "owner": "Claire Molitor",
    },
]

STORES: list[dict[str, Any]] = [
    {
        "code": "haff-keramik",
        "merchant": "atelier-haff",
        "name": "Haff Keramik",
        "description": "Handgedrehtes Steinzeug aus dem Ösling: Becher, Schalen und Krüge für jeden Tag.",
        "locale": "de",
        "locales": ["lb", "fr", "en"],
        "currency": "EUR",
        "country": "LU",
        "is_open": True,
    },
    {
        "code": "haff-leinen",
        "merchant": "atelier-haff",
        "name": "Haff Léngen",
        "description": "Geschirdicher, Schierzen an Dëschdicher aus gewäschenem Léngen.",
        "locale": "lb",
        "locales": ["de", "fr"],
        "currency": "EUR",
        "country": "LU",
        "is_open": True,
    },
    {
        "code": "epicerie-verte",
        "merchant": "maison-verte",
        "name": "L'Épicerie Verte",
        "description": "Huiles, farines et légumineuses sans emballage, livrées en bocaux consignés.",
        "locale": "fr",
        "locales": ["en", "de"],
        "currency": "EUR",
        "country": "LU",
        "is_open": True,
    },
    {
        "code": "alpine-pantry",
        "merchant": "maison-verte",
        "name": "Alpine Pantry",
        "description": "Mountain cheese, dried pears and honey, packed in Chur and sent the same day.",
        "locale": "en",
        "locales": ["de", "fr"],
        "currency": "CHF",
        "country": "CH",
        "is_open": True,
    },
    {
        "code": "verte-cadeaux",
        "merchant": "maison-verte",
        "name": "Verte Cadeaux",
        "description": "Coffrets pour les fêtes. La boutique rouvre avant Noël.",
        "locale": "fr",
        "locales": [],
        "currency": "EUR",
        "country": "BE",
        "is_open": False,
    },
    {
        "code": "sauer-kontor",
        "merchant": "kontor-sauer",
        "name": "Sauer Kontor",
        "description": "Werkzeug und Kleinteile für Haus und Hof.",
        "locale": "de",
        "locales": ["en"],
        "currency": "EUR",
        "country": "DE",
        "is_open": True,
    },
]

TEAM = {
    "manager": "Lena Weber",
    "staff": "Tom Schmit",
    "support": "Inès Faber",
    "viewer": "Paul Reuter",
    "marketing": "Sophie Lux",
}
