"""What happens to one page; the only place that starts tesseract or poppler."""
