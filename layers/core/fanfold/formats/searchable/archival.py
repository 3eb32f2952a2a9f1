"""Make PDF/A-2b (ISO 19005-2) of pictures, where nothing of them is in its way.

Pages that were wrapped here hold a picture and invisible text, and nothing else: what that takes
is a profile for their colours, and XMP that says so. Where one of them has colours for print, is
JPEG 2000 or has a broken colour profile, nothing is claimed. Of a PDF that somebody else made
nobody knows without a validator; it keeps what it says of itself.
"""

from __future__ import annotations

import base64
import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String
from PIL import ImageCms

from fanfold.formats.xml import escape

_SRGB_PROFILE = zlib.decompress(
    base64.b64decode(
        "eNqVkTtLw2AUhp+2iqKVDjqIOHSo4tCCKIij1qFLkVIrWHVp0pvQS0hSpLgKLg4FB9HF2+A/0FVwVRAE"
        "RRDxN3hbpMSTppAOOnjCl/PwJu/h5A144yW1bHTNQbli6slYNLiSXg3SURnV0OYTiTh/1tcDHrvfR+xZ"
        "/K/6szlDBU+v8Iyq6aawbEN809Rs3hUeUouZrPCxcFiXBYVvbF1x+NXmgsMfNuup5AJ47ZnBQgcrHawW"
        "9bLwhHCoXKqp7X3sL/HnKstL0kfkjGKQJEaUIAo1NihhEpFekcx+9022fItUxaPKXaOOLo4CRfGGRa3J"
        "1Jz0vOg5uUrU3dzdPI389JQz3R+F7hfLeh+Dnj1oNizr+8Symqfge4ariuuvSk6zn6I3XC10BIFtuLh2"
        "NWUfLndg+EnL6JmW5JPjzefh7RwG0jB4B31rTlbt55w9QmpLftEtHBzCuLwfWP8BJ6NmvQ=="
    )
)
"""The profile of sRGB that littlecms makes (588 bytes, version 4), without its time."""

_PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"}
_PICTURE_KEYS = {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent"} | {
    "/Length", "/Filter", "/DecodeParms", "/Decode",
}  # fmt: skip
_PICTURE_FILTERS = {"/DCTDecode", "/FlateDecode", "/CCITTFaxDecode"}
_PLACING_OPERATORS = {"q", "Q", "cm", "Do"}
_SIDES_ALLOWED = 3.0, 14_400.0
"""Least and most points of a page's side (6.1.13)."""

_MAXIMUM_PROFILE = 4_000_000
"""Maximum of bytes of a colour profile that is looked at; usual are 500 to 500,000."""

_NEWEST_PROFILE = 4
"""Maximum of the version of a colour profile."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <pdf:Producer>{producer}</pdf:Producer>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def is_archivable(pdf: Pdf) -> bool:
    """Whether each page holds a picture that may stand in PDF/A-2b, and nothing else."""
    try:
        return len(pdf.pages) > 0 and all(map(_is_picture_page, pdf.pages))
    except (pikepdf.PikepdfError, LookupError, AttributeError, TypeError, ValueError):
        return False


def declare(pdf: Pdf) -> None:
    """Say that a file is PDF/A-2b; its producer is told already."""
    profile = pdf.make_indirect(Stream(pdf, _SRGB_PROFILE, N=3))
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    told = escape(str(pdf.docinfo[Name.Producer]))
    xmp = _XMP.format(producer=told).encode()
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, xmp, Type=Name.Metadata, Subtype=Name.XML))


def _is_picture_page(page: Page) -> bool:
    resources = page.resources
    pictures = list(resources.XObject.values())
    sides = (float(page.mediabox[2] - page.mediabox[0]), float(page.mediabox[3] - page.mediabox[1]))
    operators = {str(step.operator) for step in pikepdf.parse_content_stream(page)}
    return (
        set(page.obj.keys()) <= _PAGE_KEYS
        and set(resources.keys()) <= {"/XObject", "/ProcSet"}
        and all(_SIDES_ALLOWED[0] <= side <= _SIDES_ALLOWED[1] for side in sides)
        and operators <= _PLACING_OPERATORS
        and len(pictures) == 1
        and _is_plain_picture(pictures[0])
    )


def _is_plain_picture(picture: Object) -> bool:
    filters = picture.get(Name.Filter, Array([]))
    names = {str(name) for name in (filters if isinstance(filters, Array) else [filters])}
    return (
        picture.Subtype == Name.Image
        and set(picture.keys()) <= _PICTURE_KEYS
        and names <= _PICTURE_FILTERS
        and _is_plain_space(picture.ColorSpace)
    )


def _is_plain_space(space: Object) -> bool:
    if isinstance(space, Array):
        if space[0] == Name.Indexed:
            return _is_plain_space(space[1])
        return bool(space[0] == Name.ICCBased) and _is_sound_profile(space[1])
    return space in (Name.DeviceGray, Name.DeviceRGB)


def _is_sound_profile(profile: Object) -> bool:
    """Whether littlecms takes a profile for one of so many colours, as versions 2 to 4 had them."""
    data = profile.read_bytes()
    if len(data) > _MAXIMUM_PROFILE or data[36:40] != b"acsp" or data[8] > _NEWEST_PROFILE:
        return False
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
    kinds = b"scnr", b"mntr", b"prtr", b"spac"
    return data[12:16] in kinds and data[16:20] == {1: b"GRAY", 3: b"RGB "}.get(int(profile.N))
