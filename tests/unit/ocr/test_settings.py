from fanfold import settings


def test_who_names_a_program_gets_it_and_nobody_else():
    assert settings.load({}).engine.library == settings.WHEEL
    assert settings.load({"FANFOLD_TESSERACT": "/usr/bin/tesseract"}).engine.library == ""
    both = {"FANFOLD_TESSERACT": "/opt/tesseract", "FANFOLD_LIBTESSERACT": "/opt/lib.so"}
    assert settings.load(both).engine.library == "/opt/lib.so"


def test_a_layer_s_own_program_goes_before_the_wheel_s_library(tmp_path):
    chosen = {
        "FANFOLD_TESSERACT": str(tmp_path / "bin" / "tesseract"),
        "FANFOLD_LIBTESSERACT": settings.WHEEL,
    }
    assert settings.load(chosen).engine.library == settings.WHEEL
    (tmp_path / "own").touch()
    assert settings.load(chosen).engine.library == ""
