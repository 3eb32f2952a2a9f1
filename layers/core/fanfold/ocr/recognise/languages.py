"""Languages as tesseract names them: how each is written, and its name elsewhere."""

from __future__ import annotations

from typing import NamedTuple

LATIN_SCRIPT = "Latin"
FRAKTUR_SCRIPT = "Fraktur"


class Language(NamedTuple):
    """How a language is written, and its label in the model that tells languages apart (ISO 639).

    ``label`` is empty for data of a whole script, which no language stands for.
    """

    script: str
    label: str


_SCRIPTS_AND_LANGUAGES = """
Latin afr=af aze=az bos=bs bre=br cat=ca ceb=ceb ces=cs cos=co cym=cy dan=da deu=de eng=en epo=eo
Latin est=et eus=eu fin=fi fra=fr fry=fy gla=gd gle=ga glg=gl hat=ht hrv=hr hun=hu ind=id isl=is
Latin ita=it jav=jv lat=la lav=lv lit=lt ltz=lb mlt=mt msa=ms nld=nl nor=no oci=oc pol=pl por=pt
Latin que=qu ron=ro slk=sk slv=sl spa=es sqi=sq sun=su swa=sw swe=sv tgl=tl tur=tr uzb=uz vie=vi
Latin yor=yo
Fraktur frk=de deu_latf=de
Cyrillic aze_cyrl=az bel=be bul=bg kaz=kk kir=ky mkd=mk mon=mn rus=ru srp=sr tat=tt tgk=tg ukr=uk
Cyrillic uzb_cyrl=uz
Greek ell=el
Armenian hye=hy
Georgian kat=ka
Hebrew heb=he yid=yi
Arabic ara=ar fas=fa pus=ps snd=sd uig=ug urd=ur
Devanagari hin=hi mar=mr nep=ne san=sa
Bengali asm=as ben=bn
Gujarati guj=gu
Gurmukhi pan=pa
Kannada kan=kn
Malayalam mal=ml
Oriya ori=or
Sinhala sin=si
Tamil tam=ta
Telugu tel=te
Thai tha=th
Lao lao=lo
Khmer khm=km
Myanmar mya=my
Tibetan bod=bo
Ethiopic amh=am
Thaana div=dv
HanS chi_sim=zh
HanT chi_tra=zh
Japanese jpn=ja
Hangul kor=ko
"""
_KNOWN = {
    name: Language(script, label)
    for script, *pairs in map(str.split, _SCRIPTS_AND_LANGUAGES.strip().splitlines())
    for name, _, label in (pair.partition("=") for pair in pairs)
}


def find(name: str) -> Language | None:
    """Return what is known of a language or script by tesseract's name for it.

    Data of a script is named with a capital (``Fraktur``, ``script/Cyrillic``), and knows all of
    its languages. None for what stands for neither, such as ``equ``.
    """
    if name in _KNOWN:
        return _KNOWN[name]
    script = name.removeprefix("script/")
    return Language(script, "") if script[:1].isupper() else None
