"""Demo departments for the market: food, fashion, books, garden, toys."""

from orion_catalog.demo.words import COLOURS, EDITIONS, SIZES, TASTES, Article, Department

FOOD = Department(
    "food",
    ("Pantry", "Épicerie", "Feinkost", "Epicerie"),
    "jar",
    "super_reduced",
    ("Moulin de Dieschbourg", "Imkerei Steinsel", "Rösterei Clausen"),
    TASTES,
    (
        Article(
            "jar", 590, 1490,
            ("Blossom honey", "Miel de fleurs", "Blütenhonig", "Blummenhunneg"),
            (
                "Gathered between orchards and rape fields.",
                "Récolté entre vergers et champs de colza.",
                "Zwischen Obstwiesen und Rapsfeldern gesammelt.",
                "Tëscht Bongerten a Rapsfelder gesammelt.",
            ),
        ),
        Article(
            "bag", 890, 1990,
            ("Roasted coffee", "Café torréfié", "Röstkaffee", "Geréischte Kaffi"),
            (
                "Roasted slowly in small drums every Tuesday.",
                "Torréfié lentement en petits tambours chaque mardi.",
                "Jeden Dienstag langsam in kleinen Trommeln geröstet.",
                "All Dënschdeg lues a kleng Trommele geréischt.",
            ),
        ),
        Article(
            "bottle", 990, 2490,
            ("Apple juice vinegar", "Vinaigre de pomme", "Apfelessig", "Äppelesseg"),
            (
                "Aged in oak for a year.",
                "Vieilli un an en fût de chêne.",
                "Ein Jahr im Eichenfass gereift.",
                "E Joer am Eechefaass geräift.",
            ),
        ),
        Article(
            "bread", 390, 890,
            ("Rye crispbread", "Pain croustillant au seigle", "Roggenknäckebrot", "Knäckebrout aus Kar"),
            (
                "Baked from local rye, keeps for months.",
                "Cuit avec du seigle d'ici, se garde des mois.",
                "Aus heimischem Roggen gebacken, monatelang haltbar.",
                "Aus Kar vun hei gebak, hält sech Méint.",
            ),
        ),
    ),
)  # fmt: skip
FASHION = Department(
    "fashion",
    ("Fashion", "Mode", "Mode", "Moud"),
    "scarf",
    "standard",
    ("Lin de l'Our", "Strick Diekirch", "Cuir & Fil"),
    COLOURS,
    (
        Article(
            "shirt", 2900, 5900,
            ("Cotton shirt", "T-shirt en coton", "Baumwollshirt", "T-Shirt aus Kotteng"),
            (
                "Heavy organic cotton that keeps its shape.",
                "Un coton bio épais qui garde sa forme.",
                "Schwere Bio-Baumwolle, die ihre Form behält.",
                "Schwéiere Bio-Kotteng, deen seng Form behält.",
            ),
        ),
        Article(
            "scarf", 2400, 6900,
            ("Merino scarf", "Écharpe en mérinos", "Schal aus Merinowolle", "Schal aus Merinoswoll"),
            (
                "Light, warm and never scratchy.",
                "Légère, chaude et jamais rêche.",
                "Leicht, warm und nie kratzig.",
                "Liicht, waarm an ni krazeg.",
            ),
        ),
        Article(
            "hat", 1900, 4900,
            ("Felt hat", "Chapeau de feutre", "Filzhut", "Filzhutt"),
            (
                "Shaped over steam, brushed by hand.",
                "Formé à la vapeur, brossé à la main.",
                "Über Dampf geformt, von Hand gebürstet.",
                "Iwwer Damp geformt, vun Hand gebiischt.",
            ),
        ),
        Article(
            "bag", 3900, 12900,
            ("Shoulder bag", "Sac à bandoulière", "Umhängetasche", "Ëmhängtäsch"),
            (
                "Room for a book, a bottle and the unexpected.",
                "De la place pour un livre, une gourde et l'imprévu.",
                "Platz für ein Buch, eine Flasche und Unerwartetes.",
                "Plaz fir e Buch, eng Fläsch an Onerwaartes.",
            ),
        ),
    ),
)  # fmt: skip
BOOKS = Department(
    "books",
    ("Books", "Livres", "Bücher", "Bicher"),
    "book",
    "super_reduced",
    ("Éditions Grund", "Verlag Ösling", "Sauer Press"),
    EDITIONS,
    (
        Article(
            "book", 990, 2990,
            (
                "Walks along the Sûre",
                "Balades le long de la Sûre",
                "Wanderungen an der Sauer",
                "Wanderungen laanscht d'Sauer",
            ),
            (
                "Thirty walks with maps, inns and stories.",
                "Trente balades avec cartes, auberges et histoires.",
                "Dreißig Wanderungen mit Karten, Gasthäusern und Geschichten.",
                "Drësseg Wanderungen mat Kaarten, Wiertshaiser a Geschichten.",
            ),
        ),
        Article(
            "book", 1290, 3490,
            ("The bread book", "Le livre du pain", "Das Brotbuch", "D'Brout-Buch"),
            (
                "Sixty recipes, from first starter to festive plait.",
                "Soixante recettes, du premier levain à la tresse de fête.",
                "Sechzig Rezepte, vom ersten Sauerteig bis zum Festzopf.",
                "Sechzeg Rezepter, vum éischten Deesem bis zum Festzapp.",
            ),
        ),
        Article(
            "book", 890, 1990,
            (
                "Tales from the old town",
                "Contes de la vieille ville",
                "Märchen aus der Altstadt",
                "Mäercher aus der Alstad",
            ),
            (
                "For reading aloud, from five years on.",
                "À lire à voix haute, dès cinq ans.",
                "Zum Vorlesen, ab fünf Jahren.",
                "Fir virzeliesen, vu fënnef Joer un.",
            ),
        ),
        Article(
            "book", 1490, 3990,
            ("A year in the garden", "Une année au jardin", "Ein Jahr im Garten", "E Joer am Gaart"),
            (
                "What to do in each of fifty-two weeks.",
                "Que faire durant chacune des cinquante-deux semaines.",
                "Was in jeder der zweiundfünfzig Wochen zu tun ist.",
                "Wat an all vun den zweeafofzeg Wochen ze maachen ass.",
            ),
        ),
    ),
)  # fmt: skip
GARDEN = Department(
    "garden",
    ("Garden", "Jardin", "Garten", "Gaart"),
    "plant",
    "standard",
    ("Forge du Moulin", "Baumschule Mersch", "Terra Cotta Our"),
    SIZES,
    (
        Article(
            "tool", 1900, 5900,
            ("Garden spade", "Bêche de jardin", "Gartenspaten", "Gaardespuet"),
            (
                "Forged blade, ash handle, made for generations.",
                "Lame forgée, manche en frêne, faite pour des générations.",
                "Geschmiedetes Blatt, Stiel aus Esche, für Generationen gemacht.",
                "Geschmittent Blat, Still aus Esch, fir Generatioune gemaach.",
            ),
        ),
        Article(
            "plant", 1200, 3900,
            ("Olive tree in a pot", "Olivier en pot", "Olivenbaum im Topf", "Olivebam am Dëppen"),
            (
                "Likes sun, forgives a forgotten watering.",
                "Aime le soleil, pardonne un arrosage oublié.",
                "Mag Sonne und verzeiht vergessenes Gießen.",
                "Huet d'Sonn gär a verzeit e vergiesst Nätzen.",
            ),
        ),
        Article(
            "jar", 1500, 4900,
            (
                "Terracotta planter",
                "Pot en terre cuite",
                "Pflanzgefäß aus Terrakotta",
                "Planzendëppen aus Terracotta",
            ),
            (
                "Frost-proof down to minus ten.",
                "Résiste au gel jusqu'à moins dix.",
                "Frostfest bis minus zehn Grad.",
                "Fréierfest bis minus zéng Grad.",
            ),
        ),
    ),
)  # fmt: skip
TOYS = Department(
    "toys",
    ("Toys", "Jouets", "Spielzeug", "Spillsaachen"),
    "bear",
    "standard",
    ("Holzwurm Echternach", "Petits Bois", "Strick Diekirch"),
    COLOURS,
    (
        Article(
            "toy", 1900, 4900,
            ("Wooden car", "Voiture en bois", "Holzauto", "Auto aus Holz"),
            (
                "Beech wood, water-based colour, made to be dropped.",
                "Hêtre, couleurs à l'eau, fait pour tomber.",
                "Buchenholz, Farbe auf Wasserbasis, verträgt jeden Sturz.",
                "Bichenholz, Faarf op Waasserbasis, verdréit all Fall.",
            ),
        ),
        Article(
            "bear", 2400, 4900,
            ("Knitted bear", "Ours tricoté", "Gestrickter Bär", "Gestréckte Bier"),
            (
                "A friend for life, washable at thirty degrees.",
                "Un ami pour la vie, lavable à trente degrés.",
                "Ein Freund fürs Leben, waschbar bei dreißig Grad.",
                "E Frënd fir d'Liewen, wäschbar bei drësseg Grad.",
            ),
        ),
        Article(
            "box", 1400, 3900,
            ("Building blocks", "Cubes de construction", "Bauklötze", "Bauklätz"),
            (
                "Sixty pieces in a box that is part of the game.",
                "Soixante pièces dans une boîte qui fait partie du jeu.",
                "Sechzig Teile in einer Kiste, die mitspielt.",
                "Sechzeg Stécker an enger Këscht, déi matspillt.",
            ),
        ),
    ),
)  # fmt: skip
