"""A copy of a PDF that opens without its password, for everything that comes after."""

from __future__ import annotations

import pikepdf

from fanfold.errors import PasswordRequired
from fanfold.ocr.document import page_tree
from fanfold.ocr.document.probe import DAMAGED, pdf_error


def unlock(source: str, password: str, target: str) -> list[str]:
    """Write the copy; return the codes of what is broken in the original: the copy is mended.

    Raises PasswordRequired where the password is wrong, and DamagedFile.
    """
    try:
        with pikepdf.open(source, password=password) as pdf:
            broken = page_tree.damage(pdf)
            pdf.save(target, encryption=False)
            return sorted(broken | page_tree.warned(pdf.get_warnings()))
    except pikepdf.PasswordError as error:
        raise PasswordRequired("The password does not open this PDF.") from error
    except (pikepdf.PdfError, *DAMAGED) as error:
        raise pdf_error(str(error)) from error
