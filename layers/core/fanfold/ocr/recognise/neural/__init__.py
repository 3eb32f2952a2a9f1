"""PP-OCRv6: two models that find lines and read them, and what runs these."""
