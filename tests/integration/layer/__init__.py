"""The built OCR layer, alone in a root file system of its own.

Needs a layer (`make -C layers/ocr zip ARCHITECTURE=…`), bubblewrap and a static busybox; for a
layer of another architecture qemu-user-static as well.
"""
