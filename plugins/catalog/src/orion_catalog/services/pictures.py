"""Pictures for products without any: drawn from a key, always the same, without script or style."""

from functools import lru_cache
from hashlib import blake2b
from html import escape

# Shapes on a 300 x 300 ground, by the word a key begins with; {a}, {b} and {c} are the picture's colours.
_SHAPES = {
    "mug": (
        '<path d="M205 130h26a30 30 0 0 1 0 70h-26v-16h22a14 14 0 0 0 0-38h-22z" fill="{b}"/>'
        '<rect x="92" y="96" width="120" height="132" rx="20" fill="{a}"/>'
        '<rect x="92" y="138" width="120" height="22" fill="{b}"/>'
    ),
    "bowl": (
        '<path d="M62 140h176a88 88 0 0 1-58 82h-60a88 88 0 0 1-58-82z" fill="{a}"/>'
        '<ellipse cx="150" cy="140" rx="88" ry="20" fill="{b}"/>'
        '<rect x="118" y="222" width="64" height="10" rx="5" fill="{b}"/>'
    ),
    "pot": (
        '<path d="M84 120h132v76a34 34 0 0 1-34 34h-64a34 34 0 0 1-34-34z" fill="{a}"/>'
        '<rect x="72" y="104" width="156" height="22" rx="11" fill="{b}"/>'
        '<rect x="138" y="82" width="24" height="24" rx="12" fill="{c}"/>'
        '<rect x="50" y="140" width="34" height="16" rx="8" fill="{b}"/>'
        '<rect x="216" y="140" width="34" height="16" rx="8" fill="{b}"/>'
    ),
    "knife": (
        '<path d="M62 166 196 96q22 4 16 26L84 190z" fill="{c}"/>'
        '<rect x="190" y="82" width="72" height="24" rx="12" transform="rotate(-28 190 94)" '
        'fill="{a}"/>'
    ),
    "board": (
        '<rect x="78" y="92" width="144" height="146" rx="22" fill="{a}"/>'
        '<circle cx="150" cy="118" r="10" fill="{c}"/>'
        '<path d="M96 160h108M96 186h108M96 212h108" stroke="{b}" stroke-width="6" '
        'stroke-linecap="round"/>'
    ),
    "jar": (
        '<rect x="96" y="112" width="108" height="120" rx="22" fill="{a}"/>'
        '<rect x="104" y="82" width="92" height="30" rx="8" fill="{b}"/>'
        '<rect x="112" y="146" width="76" height="52" rx="8" fill="{c}"/>'
    ),
    "bottle": (
        '<path d="M132 62h36v48q26 16 26 44v70q0 16-16 16h-56q-16 0-16-16v-70q0-28 26-44z" '
        'fill="{a}"/>'
        '<rect x="106" y="160" width="88" height="46" fill="{c}"/>'
        '<rect x="130" y="54" width="40" height="18" rx="6" fill="{b}"/>'
    ),
    "bag": (
        '<path d="M86 118h128l14 116H72z" fill="{a}"/>'
        '<path d="M114 128v-22a36 36 0 0 1 72 0v22" fill="none" stroke="{b}" '
        'stroke-width="12"/>'
        '<path d="M82 152h136" stroke="{b}" stroke-width="6"/>'
    ),
    "box": (
        '<path d="M70 116 150 84l80 32v88l-80 34-80-34z" fill="{a}"/>'
        '<path d="M70 116l80 34 80-34-80-32z" fill="{b}"/>'
        '<path d="M110 100l80 34v34" fill="none" stroke="{c}" stroke-width="12"/>'
    ),
    "shirt": (
        '<path d="M112 84h22q16 18 32 0h22l50 36-24 36-18-12v88H104v-88l-18 12-24-36z" '
        'fill="{a}"/>'
        '<path d="M104 182h92v18h-92z" fill="{b}"/>'
    ),
    "scarf": (
        '<path d="M108 74h46v166h-46z" fill="{a}"/>'
        '<path d="M146 92h46v126h-46z" fill="{b}"/>'
        '<path d="M108 110h46M108 150h46M108 190h46M146 130h46M146 170h46" stroke="{c}" '
        'stroke-width="8"/>'
    ),
    "hat": (
        '<ellipse cx="150" cy="200" rx="104" ry="22" fill="{b}"/>'
        '<path d="M96 198q0-98 54-98t54 98z" fill="{a}"/>'
        '<path d="M97 176h106v16H97z" fill="{c}"/>'
    ),
    "book": (
        '<rect x="92" y="70" width="120" height="164" rx="8" fill="{a}"/>'
        '<rect x="92" y="70" width="20" height="164" fill="{b}"/>'
        '<rect x="128" y="102" width="66" height="12" rx="6" fill="{c}"/>'
        '<rect x="128" y="124" width="44" height="8" rx="4" fill="{c}"/>'
    ),
    "plant": (
        '<path d="M110 180h80l-10 58h-60z" fill="{b}"/>'
        '<path d="M150 182V96M150 150q-50-6-54-54 50 2 54 54zM150 132q44-8 48-52-46 4-48 '
        '52z" fill="{a}" stroke="{a}" stroke-width="5"/>'
    ),
    "tool": (
        '<rect x="142" y="60" width="16" height="112" rx="8" fill="{b}"/>'
        '<path d="M118 166h64v26q0 46-32 52-32-6-32-52z" fill="{a}"/>'
        '<rect x="122" y="50" width="56" height="18" rx="9" fill="{c}"/>'
    ),
    "toy": (
        '<rect x="70" y="140" width="148" height="58" rx="14" fill="{a}"/>'
        '<path d="M104 140l18-40h58l20 40z" fill="{b}"/>'
        '<circle cx="110" cy="202" r="24" fill="{c}"/>'
        '<circle cx="184" cy="202" r="24" fill="{c}"/>'
    ),
    "bear": (
        '<circle cx="104" cy="94" r="26" fill="{b}"/>'
        '<circle cx="196" cy="94" r="26" fill="{b}"/>'
        '<circle cx="150" cy="140" r="68" fill="{a}"/>'
        '<ellipse cx="150" cy="166" rx="28" ry="22" fill="{c}"/>'
        '<circle cx="126" cy="126" r="8" fill="{b}"/>'
        '<circle cx="174" cy="126" r="8" fill="{b}"/>'
    ),
    "candle": (
        '<rect x="106" y="132" width="88" height="102" rx="14" fill="{a}"/>'
        '<path d="M150 132v-22" stroke="{b}" stroke-width="6"/>'
        '<path d="M150 62q26 30 0 48-26-18 0-48z" fill="{c}"/>'
        '<rect x="106" y="168" width="88" height="20" fill="{b}"/>'
    ),
    "lamp": (
        '<path d="M104 78h92l30 82H74z" fill="{a}"/>'
        '<rect x="143" y="160" width="14" height="62" fill="{b}"/>'
        '<ellipse cx="150" cy="228" rx="50" ry="12" fill="{b}"/>'
    ),
    "cushion": (
        '<path d="M78 84q72-20 144 0 20 66 0 138-72 20-144 0-20-72 0-138z" fill="{a}"/>'
        '<path d="M102 110h96v88h-96z" fill="none" stroke="{b}" stroke-width="10"/>'
        '<circle cx="150" cy="154" r="16" fill="{c}"/>'
    ),
    "bread": (
        '<path d="M70 160q0-60 80-60t80 60-30 64H100q-30-4-30-64z" fill="{a}"/>'
        '<path d="M112 130l18 40M144 124l18 44M178 130l16 38" stroke="{c}" stroke-width="10" '
        'stroke-linecap="round"/>'
    ),
}
KINDS = tuple(_SHAPES)
_PALETTES = (
    ("#f1ece4", "#b5532a", "#7a3319", "#f0c987"),
    ("#e8eef0", "#2f6173", "#173b49", "#e9b872"),
    ("#eef0e6", "#6b7f3f", "#434f24", "#e3c76a"),
    ("#f4e9e6", "#a84a55", "#6f2a35", "#f3cfc6"),
    ("#ece9f1", "#6a5a8c", "#41355c", "#d9c7e8"),
    ("#f3efe0", "#c08a2d", "#7d5716", "#fff3cf"),
    ("#e6efe9", "#2f7a5b", "#1b4d39", "#f2d8a2"),
    ("#eeeeee", "#4b5560", "#2a3037", "#e7a977"),
)
_BY_WORD = {"red": 0, "blue": 1, "green": 6, "yellow": 5, "grey": 7, "white": 3}
"""Palettes for keys that name a colour."""


@lru_cache(maxsize=1024)
def draw(key: str) -> str:
    """Return the picture of a key such as ``mug-17``; any other text gives a picture, too."""
    digest = blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    kind, *words = key.split("-")
    named = next((_BY_WORD[word] for word in words if word in _BY_WORD), digest[0] % len(_PALETTES))
    shape = _SHAPES.get(kind) or _SHAPES[KINDS[digest[1] % len(KINDS)]]
    ground, a, b, c = _PALETTES[named]
    x, y, r = 40 + digest[2] % 220, 30 + digest[3] % 120, 60 + digest[4] % 60
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" width="600" height="600" role="img">'
        f"<title>{escape(kind[:40])}</title>"
        f'<rect width="300" height="300" fill="{ground}"/>'
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{c}" fill-opacity=".35"/>'
        '<ellipse cx="150" cy="242" rx="96" ry="11" fill="#000" fill-opacity=".1"/>'
        f"{shape.format(a=a, b=b, c=c)}</svg>"
    )
