"""Demo departments for the house: kitchen, table, living."""

from orion_catalog.demo.words import COLOURS, SIZES, Article, Department

KITCHEN = Department(
    "kitchen",
    ("Kitchen", "Cuisine", "Küche", "Kichen"),
    "pot",
    "standard",
    ("Atelier Nospelt", "Hausmann & Kayser", "Forge du Moulin"),
    SIZES,
    (
        Article(
            "pot", 3900, 12900,
            ("Cast iron pot", "Cocotte en fonte", "Gusseiserner Topf", "Kachdëppen aus Goss"),
            (
                "Holds the heat for hours and gets better with every stew.",
                "Garde la chaleur pendant des heures et s'améliore à chaque mijoté.",
                "Hält die Wärme stundenlang und wird mit jedem Eintopf besser.",
                "Hält d'Hëtzt fir Stonnen a gëtt mat all Zopp besser.",
            ),
        ),
        Article(
            "knife", 2400, 8900,
            ("Chef's knife", "Couteau de chef", "Kochmesser", "Kachmesser"),
            (
                "Forged in one piece and sharpened by hand.",
                "Forgé d'une seule pièce et affûté à la main.",
                "Aus einem Stück geschmiedet und von Hand geschärft.",
                "Aus engem Stéck geschmitt a vun Hand geschlaff.",
            ),
        ),
        Article(
            "board", 1900, 5900,
            (
                "Walnut cutting board",
                "Planche à découper en noyer",
                "Schneidebrett aus Nussbaum",
                "Schneidbriet aus Nossholz",
            ),
            (
                "Oiled wood that is kind to your knives.",
                "Un bois huilé qui ménage vos couteaux.",
                "Geöltes Holz, das die Messer schont.",
                "Geuelegt Holz, dat d'Messere schount.",
            ),
        ),
        Article(
            "bowl", 1200, 3900,
            ("Mixing bowl", "Saladier", "Rührschüssel", "Réierschossel"),
            (
                "Deep enough to stir without splashing.",
                "Assez profond pour mélanger sans éclabousser.",
                "Tief genug, um ohne Spritzer zu rühren.",
                "Déif genuch fir ouni Sprëtzen ze réieren.",
            ),
        ),
    ),
)  # fmt: skip
TABLE = Department(
    "table",
    ("Table", "Table", "Tisch", "Dësch"),
    "mug",
    "standard",
    ("Atelier Nospelt", "Keramik Esch", "Lin de l'Our"),
    COLOURS,
    (
        Article(
            "mug", 1400, 2900,
            ("Stoneware mug", "Tasse en grès", "Becher aus Steingut", "Becher aus Steegutt"),
            (
                "Thrown by hand, holds 35 cl and fits the dishwasher.",
                "Tournée à la main, 35 cl, passe au lave-vaisselle.",
                "Von Hand gedreht, fasst 35 cl und darf in die Spülmaschine.",
                "Vun Hand gedréint, passt 35 cl dran a geet an d'Spullmaschinn.",
            ),
        ),
        Article(
            "bowl", 1800, 3900,
            ("Soup bowl", "Bol à soupe", "Suppenschale", "Zoppeschossel"),
            (
                "A wide rim keeps fingers cool and soup hot.",
                "Un large bord garde les doigts au frais et la soupe au chaud.",
                "Ein breiter Rand hält die Finger kühl und die Suppe heiß.",
                "E breede Rand hält d'Fanger kill an d'Zopp waarm.",
            ),
        ),
        Article(
            "cushion", 2200, 4900,
            (
                "Linen napkins, four",
                "Quatre serviettes en lin",
                "Vier Leinenservietten",
                "Véier Léngen-Zerwëtten",
            ),
            (
                "Washed linen that needs no ironing.",
                "Du lin lavé qui se passe de repassage.",
                "Gewaschenes Leinen, das nicht gebügelt werden muss.",
                "Gewäschent Léngent, dat net gestréckt muss ginn.",
            ),
        ),
        Article(
            "bottle", 2400, 5200,
            ("Glass carafe", "Carafe en verre", "Karaffe aus Glas", "Karaff aus Glas"),
            (
                "Mouth-blown, holds a litre, pours without dripping.",
                "Soufflée à la bouche, un litre, verse sans goutter.",
                "Mundgeblasen, fasst einen Liter, gießt ohne Tropfen.",
                "Mam Mond geblosen, passt e Liter dran, drëpst net.",
            ),
        ),
    ),
)  # fmt: skip
LIVING = Department(
    "living",
    ("Living", "Maison", "Wohnen", "Wunnen"),
    "lamp",
    "standard",
    ("Lin de l'Our", "Lumière & Bois", "Wax & Wick"),
    COLOURS,
    (
        Article(
            "candle", 900, 2900,
            ("Beeswax candle", "Bougie en cire d'abeille", "Bienenwachskerze", "Beiewuesskäerz"),
            (
                "Burns for forty hours and smells of summer.",
                "Brûle quarante heures et sent l'été.",
                "Brennt vierzig Stunden und duftet nach Sommer.",
                "Brennt véierzeg Stonnen a richt no Summer.",
            ),
        ),
        Article(
            "lamp", 4900, 15900,
            ("Table lamp", "Lampe de table", "Tischlampe", "Dëschlut"),
            (
                "Warm light from a shade of folded paper.",
                "Une lumière chaude sous un abat-jour en papier plié.",
                "Warmes Licht unter einem Schirm aus gefaltetem Papier.",
                "Waarmt Liicht ënner engem Schierm aus gefaltem Pabeier.",
            ),
        ),
        Article(
            "cushion", 2900, 6900,
            ("Wool cushion", "Coussin en laine", "Wollkissen", "Wollkëssen"),
            (
                "Woven from the wool of Ardennes sheep.",
                "Tissé avec la laine de moutons des Ardennes.",
                "Gewebt aus der Wolle von Ardenner Schafen.",
                "Gewieft aus der Woll vun Éisleker Schof.",
            ),
        ),
        Article(
            "box", 1500, 4500,
            ("Storage basket", "Panier de rangement", "Aufbewahrungskorb", "Kuerf fir opzeraumen"),
            (
                "Keeps order and looks good doing it.",
                "Met de l'ordre et se laisse regarder.",
                "Schafft Ordnung und sieht gut dabei aus.",
                "Mécht Uerdnung a gesäit gutt dobäi aus.",
            ),
        ),
    ),
)  # fmt: skip
