"""Encryption: with passwords, without, and of kinds that there are not."""

from __future__ import annotations

import pikepdf

from tests.data import pdfs, prose
from tests.hostile import files
from tests.hostile.registry import directed

_ID = b"/ID[(0123456789abcdef)(0123456789abcdef)]"


def _locked(**how: object) -> bytes:
    return pdfs.save(pdfs.typed((prose.NOTICE,)), pikepdf.Encryption(**how))


for _revision, _aes in ((2, False), (3, False), (4, True), (6, True)):
    _more = {"R": _revision, "aes": _aes, "metadata": _revision > 3}

    @directed(f"user password, revision {_revision}", "PASSWORD_REQUIRED")
    def user(more: dict = _more) -> bytes:
        return _locked(owner="keeper", user="tide", **more)

    @directed(f"owner password, revision {_revision}", "SUCCEEDED")
    def owner(more: dict = _more) -> bytes:
        return _locked(owner="keeper", user="", **more)


_KEYS = b"/O(%s)/U(%s)/P -4" % (b"o" * 32, b"u" * 32)
_HANDLERS = {
    "of an unknown handler": b"<</Filter/Enigma/V 1/R 2%s>>" % _KEYS,
    "for certificates": b"<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/Recipients[(x)]>>",
    "of version 99": b"<</Filter/Standard/V 99/R 99%s>>" % _KEYS,
    "of a negative length": b"<</Filter/Standard/V 2/R 3/Length -128%s>>" % _KEYS,
    "of a length of 4 GB": b"<</Filter/Standard/V 2/R 3/Length 34359738368%s>>" % _KEYS,
    "without keys": b"<</Filter/Standard/V 2/R 3>>",
    "that is a reference to itself": b" 5 0 R",
    "that is a number": b" 5",
    "by a filter that is not there": b"<</Filter/Standard/V 5/R 6/StmF/X/StrF/Y/CF<</X 5 0 R>>%s>>"
    % _KEYS,
}

for _name, _body in _HANDLERS.items():

    @directed(f"encryption {_name}")
    def handler(body: bytes = _body) -> bytes:
        return files.page(files.TEXT, b"5 0 R", trailer=b"/Encrypt" + body + _ID)
