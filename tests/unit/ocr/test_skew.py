import pytest
from PIL import Image

from fanfold.ocr.picture import ink, skew
from tests.data import pictures, prose

SHEET = pictures.scan(prose.LIGHTHOUSE[0])


def measure(picture):
    return skew.measure(ink.measure(picture, pictures.DPI))


def turned(angle):
    """Turn the sheet clockwise."""
    return SHEET.rotate(-angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


@pytest.mark.parametrize("angle", [-15, -7.3, -2, -0.5, 0, 0.5, 1, 4.2, 11, 15])
def test_lines_that_slope_are_measured_to_a_quarter_of_a_degree(angle):
    lie = measure(turned(angle))
    assert lie.across == pytest.approx(-angle, abs=0.25)
    assert not lie.lying


@pytest.mark.parametrize(("side", "skew"), [(90, 0), (270, 0), (90, 5), (270, -12)])
def test_lines_that_run_down_the_page_are_noticed(side, skew):
    lie = measure(turned(side + skew))
    assert lie.lying
    assert lie.down == pytest.approx(-skew, abs=0.25)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_without_lines_counts_as_level(level):
    lie = measure(Image.new("L", (1000, 1400), level))
    assert lie == (False, 0, 0)
