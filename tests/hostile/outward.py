"""PDFs that point at files of the machine, at addresses and at programs."""

from __future__ import annotations

import zlib

from tests.data import pictures
from tests.hostile import files
from tests.hostile.bombs import chunk, png
from tests.hostile.registry import Lures, directed


def _out(name: str):
    return directed(name, points_out=True)


def _file(lures: Lures) -> bytes:
    path = str(lures.text).encode()
    return b"<</Type/Filespec/F(%s)/UF(%s)>>" % (path, path)


def _address(lures: Lures) -> bytes:
    return b"<</FS/URL/F(%s/canary.png)>>" % lures.url.encode()


_ACTIONS = {
    "script": lambda lures: b"<</S/JavaScript/JS(app.launchURL('%s'\\);)>>" % lures.url.encode(),
    "program": lambda lures: b"<</S/Launch/F%s/Win<</F(cmd.exe)>>>>" % _file(lures),
    "address": lambda lures: b"<</S/URI/URI(%s)>>" % lures.url.encode(),
    "form": lambda lures: b"<</S/SubmitForm/F%s>>" % _address(lures),
    "data": lambda lures: b"<</S/ImportData/F%s>>" % _file(lures),
    "other document": lambda lures: b"<</S/GoToR/F(%s)/D[0/Fit]>>" % str(lures.pdf).encode(),
    "film": lambda lures: b"<</S/Rendition/R<</S/MR/C<</S/MCD/D%s>>>>>>" % _address(lures),
}

for _name, _action in _ACTIONS.items():

    @_out(f"an action when it opens: {_name}")
    def action(lures: Lures, act=_action) -> bytes:
        told = act(lures)
        annotation = b"<</Type/Annot/Subtype/Link/Rect[0 0 300 200]/A%s/AA<</O%s>>>>" % (told, told)
        return files.page(
            files.TEXT,
            annotation,
            entries=b"/Annots[5 0 R]/AA<</O%s>>" % told,
            catalog=b"/OpenAction%s/AA<</WC%s>>/Names<</JavaScript<</Names[(a)%s]>>>>"
            % (told, told, told),
        )


_PLACES = {"a file": _file, "an address": _address}

for _name, _place in _PLACES.items():

    @_out(f"contents that lie in {_name}")
    def contents(lures: Lures, place=_place) -> bytes:
        return files.page(files.stream(b"", b"/F%s/FFilter/FlateDecode" % place(lures)))

    @_out(f"an image that lies in {_name}")
    def image(lures: Lures, place=_place) -> bytes:
        entries = b"/Width 300/Height 200/BitsPerComponent 8/ColorSpace/DeviceGray/F"
        return files.picture(b"", entries + place(lures))

    @_out(f"a font that lies in {_name}")
    def font(lures: Lures, place=_place) -> bytes:
        program = files.stream(b"", b"/F" + place(lures))
        descriptor = b"<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 5 0 R>>"
        told = b"<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor 6 0 R>>"
        return files.page(files.TEXT, program, descriptor, resources=b"/Font<</F1 %s>>" % told)

    @_out(f"a page that is drawn from {_name}")
    def reference(lures: Lures, place=_place) -> bytes:
        form = files.stream(
            b"0 0 9 9 re f",
            b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]/Ref<</F%s/Page 0>>" % place(lures),
        )
        return files.page(b"/X Do", form, resources=b"/XObject<</X 5 0 R>>")

    @_out(f"a finer picture in {_name}")
    def finer(lures: Lures, place=_place) -> bytes:
        entries = b"/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/OPI<</2.0<</F"
        return files.picture(b"x", entries + place(lures) + b">>>>")

    @_out(f"an attachment that lies in {_name}")
    def attachment(lures: Lures, place=_place) -> bytes:
        note = b"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS%s>>" % place(lures)
        names = b"/Names<</EmbeddedFiles<</Names[(a)%s]>>>>" % place(lures)
        return files.page(files.TEXT, note, entries=b"/Annots[5 0 R]", catalog=names)

    @_out(f"a colour profile that lies in {_name}")
    def profile(lures: Lures, place=_place) -> bytes:
        told = files.stream(b"", b"/N 1/F" + place(lures))
        return files.page(
            b"/C cs 1 scn 0 0 300 200 re f",
            told,
            resources=b"/ColorSpace<</C[/ICCBased 5 0 R]>>",
        )


@_out("metadata with an entity that is a file")
def entity(lures: Lures) -> bytes:
    text = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file://{lures.text}">'
        f'<!ENTITY u SYSTEM "{lures.url}/x">]>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">&f;&u;</x:xmpmeta>'
    )
    data = files.stream(text.encode(), b"/Type/Metadata/Subtype/XML")
    return files.page(files.TEXT, data, catalog=b"/Metadata 5 0 R")


@_out("a form of XML with an entity that is a file")
def xfa(lures: Lures) -> bytes:
    text = f'<!DOCTYPE x [<!ENTITY f SYSTEM "{lures.text}">]><xdp>&f;</xdp>'
    form = b"/AcroForm<</XFA 5 0 R/Fields[]/NeedAppearances true>>"
    return files.page(files.TEXT, files.stream(text.encode()), catalog=form)


def _composite(encoding: bytes, ordering: bytes = b"Japan1") -> bytes:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/%s/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)"
        b"/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4>>>>]>>"
    )
    return files.page(files.TEXT, resources=b"/Font<</F1 %s>>" % (font % (encoding, ordering)))


def _as_name(path: str) -> bytes:
    return path.encode().replace(b"/", b"#2f")


@_out("a character map whose name climbs to a file")
def climbing_map(lures: Lures) -> bytes:
    return _composite(_as_name("../" * 12 + str(lures.text)))


@_out("a character collection whose name climbs to a file")
def climbing_collection(lures: Lures) -> bytes:
    return _composite(b"Identity-H", ("../" * 12 + str(lures.text)).encode())


@_out("a character map that never ends: a device")
def device(lures: Lures) -> bytes:
    return _composite(_as_name("../" * 12 + "dev/zero"))


@_out("a font whose name is a path")
def font_path(lures: Lures) -> bytes:
    name = _as_name(str(lures.text))
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/%s>>" % name
    return files.page(files.TEXT, resources=b"/Font<</F1 %s>>" % font)


@_out("a title and a text that are commands")
def commands(lures: Lures) -> bytes:
    shell = b"$\\(cat %s\\) `cat %s` ; cat %s | sh" % ((str(lures.text).encode(),) * 3)
    return files.page(
        b"BT /F1 9 Tf 9 99 Td (" + shell.replace(b"canary", b"x") + b") Tj ET",
        b"<</Title(%s)/Author(%s)>>" % (shell, shell),
        trailer=b"/Info 5 0 R",
    )


@_out("a JPEG that says where it lies")
def jpeg_where(lures: Lures) -> bytes:
    comment = str(lures.picture).encode()
    return pictures.encode(pictures.page("", (300, 200)), "JPEG", comment=comment)


@_out("a PNG that says where it lies")
def png_where(lures: Lures) -> bytes:
    text = chunk(b"tEXt", b"Comment\0" + str(lures.picture).encode())
    return png(300, 200, zlib.compress(b"\xff" * 301 * 200), text)
