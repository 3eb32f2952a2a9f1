"""Languages as the web names them (BCP 47), of those that tesseract names."""

from __future__ import annotations

_CODES_IN_PAIRS = (
    "afr af amh am ara ar asm as aze az bel be ben bn bod bo bos bs bre br bul bg cat ca ces cs "
    "cos co cym cy dan da deu de div dv dzo dz ell el eng en epo eo est et eus eu fao fo fas fa "
    "fin fi fra fr fry fy gla gd gle ga glg gl guj gu hat ht heb he hin hi hrv hr hun hu hye hy "
    "iku iu ind id isl is ita it jav jv jpn ja kan kn kat ka kaz kk khm km kir ky kor ko lao lo "
    "lat la lav lv lit lt ltz lb mal ml mar mr mkd mk mlt mt mon mn mri mi msa ms mya my nep ne "
    "nld nl nor no oci oc ori or pan pa pol pl por pt pus ps que qu ron ro rus ru san sa sin si "
    "slk sk slv sl snd sd spa es sqi sq srp sr sun su swa sw swe sv tam ta tat tt tel te tgk tg "
    "tha th tir ti ton to tur tr uig ug ukr uk urd ur uzb uz vie vi yid yi yor yo"
)
"""Three letters, then the two that the web has for them."""

_CODES = _CODES_IN_PAIRS.split()

_TAGS = dict(zip(_CODES[::2], _CODES[1::2], strict=True)) | {
    **{name: name for name in ("ceb", "chr", "enm", "fil", "frm", "grc", "syr")},
    "aze_cyrl": "az-Cyrl",
    "chi_sim": "zh-Hans",
    "chi_sim_vert": "zh-Hans",
    "chi_tra": "zh-Hant",
    "chi_tra_vert": "zh-Hant",
    "dan_frak": "da-Latf",
    "deu_frak": "de-Latf",
    "deu_latf": "de-Latf",
    "frk": "de-Latf",
    "ita_old": "it",
    "jpn_vert": "ja",
    "kmr": "kmr",
    "kor_vert": "ko",
    "kur_ara": "ku-Arab",
    "slk_frak": "sk-Latf",
    "spa_old": "es",
    "srp_latn": "sr-Latn",
    "uzb_cyrl": "uz-Cyrl",
}


def tag(languages: str) -> str:
    """Return the tag of a single language that tesseract knows; empty for any others.

    A name that is none of tesseract's own may be anybody's data, of any language.
    """
    return _TAGS.get(languages, "")


def tags(languages: str) -> list[str]:
    """Return the tags of several languages joined by ``+``, without those that have none."""
    known = map(tag, languages.split("+"))
    return list(dict.fromkeys(filter(None, known)))


def named(tag: str) -> str:
    """Return tesseract's name of a language that somebody names by its tag: ``de``, ``fr-CA``.

    As it is where no tag is known by it.
    """
    known = {one.lower(): name for name, one in reversed(_TAGS.items())}
    wanted = tag.lower().replace("_", "-")
    primary = wanted.partition("-")[0]
    return known.get(wanted) or known.get(primary) or _BARE.get(primary, tag)


_BARE = {"zh": "chi_sim", "ku": "kmr"}
"""Languages whose name alone does not say how they are written: the most common way."""
