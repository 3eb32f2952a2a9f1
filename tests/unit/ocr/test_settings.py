from fanfold import settings


def test_who_names_a_program_gets_it_and_nobody_else():
    assert settings.load({}).engine.library == settings.WHEEL
    assert settings.load({"FANFOLD_TESSERACT": "/usr/bin/tesseract"}).engine.library == ""
    both = {"FANFOLD_TESSERACT": "/opt/tesseract", "FANFOLD_LIBTESSERACT": "/opt/lib.so"}
    assert settings.load(both).engine.library == "/opt/lib.so"
