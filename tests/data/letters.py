"""The same short letter in several languages, written for the tests, and pages that show it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TEXTS = {
    "eng": "Dear neighbours, on Saturday the old bridge over the river will be closed while the "
    "workers replace its wooden rails. Please use the ferry, which leaves every half hour from "
    "the mill. Whoever needs help with heavy things should tell us before Thursday, and we will "
    "send the cart. The bakery stays open, and there will be soup for everybody in the evening.",
    "deu": "Liebe Nachbarn, am Samstag wird die alte Brücke über den Fluss gesperrt, während die "
    "Arbeiter das hölzerne Geländer erneuern. Bitte benutzt die Fähre, die jede halbe Stunde "
    "von der Mühle abfährt. Wer Hilfe mit schweren Sachen braucht, möge uns vor Donnerstag "
    "Bescheid geben, dann schicken wir den Wagen. Die Bäckerei bleibt geöffnet, und am Abend "
    "gibt es für alle Suppe.",
    "fra": "Chers voisins, samedi le vieux pont sur la rivière sera fermé pendant que les ouvriers "
    "remplacent ses rambardes en bois. Veuillez prendre le bac, qui part du moulin toutes les "
    "demi-heures. Ceux qui ont besoin d’aide pour des choses lourdes devraient nous prévenir "
    "avant jeudi, et nous enverrons la charrette. La boulangerie reste ouverte, et il y aura "
    "de la soupe pour tout le monde le soir même.",
    "ita": "Cari vicini, sabato il vecchio ponte sul fiume sarà chiuso mentre gli operai "
    "sostituiscono le ringhiere di legno. Usate per favore il traghetto, che parte dal mulino "
    "ogni mezz’ora. Chi ha bisogno di aiuto per le cose pesanti ci avvisi prima di giovedì, e "
    "manderemo il carro. Il forno rimane aperto, e la sera ci sarà la zuppa per tutti perché "
    "nessuno resti senza cena.",
    "por": "Caros vizinhos, no sábado a velha ponte sobre o rio estará fechada enquanto os "
    "trabalhadores substituem as grades de madeira. Usem por favor a balsa, que sai do moinho a "
    "cada meia hora. Quem precisar de ajuda com coisas pesadas deve avisar-nos antes de "
    "quinta-feira, e mandaremos a carroça. A padaria continua aberta, e à noite haverá sopa para "
    "todos, como nas reuniões de verão.",
    "spa": "Queridos vecinos, el sábado el viejo puente sobre el río estará cerrado mientras los "
    "obreros cambian las barandillas de madera. Usen por favor la barca, que sale del molino "
    "cada media hora. Quien necesite ayuda con cosas pesadas debe avisarnos antes del jueves, y "
    "mandaremos el carro. La panadería sigue abierta, y por la noche habrá sopa para todos los "
    "niños y sus compañeros de mañana.",
}
"""Keys are tesseract's names."""

_DPI = 150
_WIDTH, _HEIGHT = 1240, 1754
_SIZE, _LEADING, _MARGIN = 25, 38, 140
_FONT = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")


def page(language: str, target: Path, copies: int = 3) -> Path:
    """Write a scan of the letter, ``copies`` times on the page, to ``target`` (a PNG).

    Drawn in Liberation Serif, which pdftoppm needs as well, or in Pillow's own font without it.
    """
    image = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(_FONT, _SIZE) if _FONT.exists() else ImageFont.load_default(_SIZE)
    y = _MARGIN
    for _ in range(copies):
        for line in textwrap.wrap(TEXTS[language], 78):
            pen.text((_MARGIN, y), line, fill=20, font=font)
            y += _LEADING
        y += _LEADING
    image.save(target, dpi=(_DPI, _DPI))
    return target
