"""A copy of a PDF that opens without its password, for everything that comes after."""

from __future__ import annotations

import pikepdf

from fanfold.errors import PasswordRequired
from fanfold.ocr.document.probe import DAMAGED, pdf_error


def unlock(source: str, password: str, target: str) -> None:
    """Write the copy; raise PasswordRequired where the password is wrong, or DamagedFile."""
    try:
        with pikepdf.open(source, password=password) as pdf:
            pdf.save(target, encryption=False)
    except pikepdf.PasswordError as error:
        raise PasswordRequired("The password does not open this PDF.") from error
    except (pikepdf.PdfError, *DAMAGED) as error:
        raise pdf_error(str(error)) from error
