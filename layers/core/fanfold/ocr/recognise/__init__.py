"""From a picture to words: tesseract, languages, barcodes."""
