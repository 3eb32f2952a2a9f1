from fanfold.ocr.layer.images import Pictures, listed, weigh

HEAD = "page num type width height color comp bpc enc interp object ID x-ppi y-ppi size\n---\n"
SCAN = (
    "   1     0 image    1275  1650  gray    1   1  ccitt  no        63  0   150   150 13.3K 4.5%\n"
)
MASK = (
    "   1     1 smask    1275  1650  gray    1   1  ccitt  no        63  0   150   150 13.3K 4.5%\n"
)
LOGO = (
    "   1     2 image     300   300  rgb     3   8  jpeg   no   [inline]     300   300 1000B  11%\n"
)
LETTER = 8.5 * 11


def test_a_scan_covers_its_page():
    assert weigh(listed(HEAD + SCAN), LETTER) == Pictures(1.0, 150.0)


def test_masks_do_not_count():
    assert weigh(listed(HEAD + MASK), LETTER) == Pictures(0.0, 0.0)


def test_the_largest_picture_gives_the_resolution():
    assert weigh(listed(HEAD + LOGO + SCAN), LETTER).dpi == 150


def test_a_logo_covers_little():
    assert weigh(listed(HEAD + LOGO), LETTER) == Pictures(1 / LETTER, 300.0)


def test_a_listing_that_cannot_be_read_counts_as_no_pictures():
    assert (
        weigh(listed(""), LETTER)
        == weigh(listed(HEAD + "  1 ? image x y\n"), LETTER)
        == Pictures(0.0, 0.0)
    )
    assert weigh(HEAD + SCAN, 0.0) == Pictures(0.0, 0.0)
