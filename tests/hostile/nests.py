"""What holds itself, or goes deeper than a stack."""

from __future__ import annotations

from tests.hostile import files
from tests.hostile.registry import directed

_DEEP = 200_000
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 300 200]"


@directed("arrays 200,000 deep as an object")
def arrays() -> bytes:
    return files.page(files.TEXT, b"[" * _DEEP + b"]" * _DEEP, entries=b"/Deep 5 0 R")


@directed("dictionaries 200,000 deep as an object")
def dictionaries() -> bytes:
    return files.page(files.TEXT, b"<</A" * _DEEP + b" 1" + b">>" * _DEEP, entries=b"/Deep 5 0 R")


@directed("arrays 200,000 deep in the contents")
def arrays_in_contents() -> bytes:
    return files.page(b"[" * _DEEP + b"]" * _DEEP + b" TJ\n" + files.TEXT)


@directed("a resource 5,000 references deep")
def references() -> bytes:
    chain = [b"<</Next %d 0 R>>" % (n + 1) for n in range(5, 5000)]
    return files.page(files.TEXT, *chain, b"<<>>", resources=b"/Properties 5 0 R")


@directed("a million saved states")
def states() -> bytes:
    return files.page(files.flate(b"q " * 1_000_000 + files.TEXT))


@directed("a million restored states")
def restored() -> bytes:
    return files.page(files.flate(b"Q " * 1_000_000 + files.TEXT))


@directed("text that begins without end")
def unclosed() -> bytes:
    return files.page(files.flate(b"BT BDC BX " * 100_000 + files.TEXT))


@directed("a form that draws itself")
def form_itself() -> bytes:
    form = files.stream(b"/X Do", _FORM + b"/Resources<</XObject<</X 5 0 R>>>>")
    return files.page(b"/X Do\n" + files.TEXT, form, resources=b"/XObject<</X 5 0 R>>")


@directed("two forms that draw each other")
def forms_mutual() -> bytes:
    def form(other: int) -> bytes:
        return files.stream(b"/X Do /X Do", _FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % other)

    return files.page(b"/X Do", form(6), form(5), resources=b"/XObject<</X 5 0 R>>")


@directed("ten forms in ten forms, ten times", "TIMEOUT", "SUCCEEDED", "RENDER_FAILED")
def billion_forms() -> bytes:
    def form(inner: int) -> bytes:
        more = b"/Resources<</XObject<</X %d 0 R>>>>" % inner
        return files.stream(b"/X Do\n" * 10, _FORM + more)

    forms = [form(n + 1) for n in range(5, 14)]
    last = files.stream(b"0 0 1 1 re f", _FORM)
    return files.page(b"/X Do", *forms, last, resources=b"/XObject<</X 5 0 R>>")


@directed("forms 3,000 deep")
def deep_forms() -> bytes:
    def form(inner: int) -> bytes:
        return files.stream(b"/X Do", _FORM + b"/Resources<</XObject<</X %d 0 R>>>>" % inner)

    forms = [form(n + 1) for n in range(5, 3005)]
    last = files.stream(files.TEXT, _FORM)
    return files.page(b"/X Do", *forms, last, resources=b"/XObject<</X 5 0 R>>")


@directed("a pattern that is painted with itself")
def pattern() -> bytes:
    tile = files.stream(
        b"/Pattern cs /P scn 0 0 9 9 re f",
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep .001/YStep .001"
        b"/Resources<</Pattern<</P 5 0 R>>>>",
    )
    shown = b"/Pattern cs /P scn 0 0 300 200 re f"
    return files.page(shown, tile, resources=b"/Pattern<</P 5 0 R>>")


@directed("a soft mask that masks itself")
def soft_mask() -> bytes:
    group = files.stream(
        b"/G gs 0 0 300 200 re f",
        _FORM + b"/Group<</S/Transparency/CS/DeviceGray>>/Resources<</ExtGState<</G 6 0 R>>>>",
    )
    state = b"<</SMask<</S/Luminosity/G 5 0 R>>>>"
    shown = b"/G gs 0 0 300 200 re f"
    return files.page(shown, group, state, resources=b"/ExtGState<</G 6 0 R>>")


@directed("a colour space that is based on itself")
def colours() -> bytes:
    return files.page(
        b"/C cs 1 scn 0 0 300 200 re f",
        b"[/Indexed 5 0 R 255 (a)]",
        resources=b"/ColorSpace<</C 5 0 R>>",
    )


@directed("a shading whose function is made of itself")
def functions() -> bytes:
    function = b"<</FunctionType 3/Domain[0 1]/Functions[5 0 R 5 0 R]/Bounds[.5]/Encode[0 1 0 1]>>"
    shading = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 300 0]/Function 5 0 R>>"
    return files.page(b"/S sh", function, shading, resources=b"/Shading<</S 6 0 R>>")


@directed("a sampled function of 2,147,483,647 samples a side")
def samples() -> bytes:
    function = files.stream(
        b"abc",
        b"/FunctionType 0/Domain[0 1 0 1]/Range[0 1]/Size[2147483647 2147483647]/BitsPerSample 32",
    )
    shading = b"<</ShadingType 1/ColorSpace/DeviceGray/Function 5 0 R>>"
    return files.page(b"/S sh", function, shading, resources=b"/Shading<</S 6 0 R>>")


@directed("a calculator 5,000 braces deep")
def calculator() -> bytes:
    body = b"{" * 5000 + b"pop 0" + b"}" * 5000
    function = files.stream(body, b"/FunctionType 4/Domain[0 1]/Range[0 1]")
    shading = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 300 0]/Function 5 0 R>>"
    return files.page(b"/S sh", function, shading, resources=b"/Shading<</S 6 0 R>>")


@directed("a mesh of a million patches", "TIMEOUT", "SUCCEEDED", "OUT_OF_MEMORY", "RENDER_FAILED")
def mesh() -> bytes:
    shading = files.flate(
        bytes(range(64)) * 200_000,
        b"/ShadingType 7/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8"
        b"/BitsPerFlag 8/Decode[0 300 0 200 0 1]",
    )
    return files.page(b"/S sh", shading, resources=b"/Shading<</S 5 0 R>>")


@directed(
    "a path of three million curves", "TIMEOUT", "SUCCEEDED", "OUT_OF_MEMORY", "RENDER_FAILED"
)
def path() -> bytes:
    curves = b"0 0 m " + b"1 200 300 1 9 9 c 299 3 1 199 5 5 c " * 1_500_000 + b"B* "
    return files.page(files.flate(curves))


@directed("ten thousand dashes a point")
def dashes() -> bytes:
    return files.page(b"[.0000001] 0 d 300 w " + b"0 0 m 1e7 1e7 l S " * 1000)


@directed("a form field that is its own parent")
def field() -> bytes:
    widget = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Rect[0 0 300 200]/Parent 5 0 R"
        b"/Kids[5 0 R]/P 3 0 R>>"
    )
    return files.page(
        files.TEXT,
        widget,
        entries=b"/Annots[5 0 R 5 0 R 3 0 R null 7]",
        catalog=b"/AcroForm<</Fields[5 0 R]/NeedAppearances true>>",
    )


@directed("layers that hold each other")
def layers() -> bytes:
    group = b"<</Type/OCG/Name(a)/Usage 5 0 R>>"
    settings = b"<</OCGs[5 0 R]/D<</Order[[5 0 R] 6 0 R]/ON[5 0 R]/OFF[5 0 R]>>/Configs[6 0 R]>>"
    return files.page(
        b"/OC /G BDC\n" + files.TEXT + b"EMC",
        group,
        settings,
        resources=b"/Properties<</G 5 0 R>>",
        catalog=b"/OCProperties 6 0 R",
    )
