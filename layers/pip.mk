# How a layer gets its packages: wheels for Lambda's Python 3.13, whatever Python runs pip here.
# ARCHITECTURE (x86_64 or arm64) must be what the template's parameter of that name says.
ARCHITECTURE ?= x86_64
PYTHON ?= python3

machine := $(ARCHITECTURE:arm64=aarch64)
# Lambda's Amazon Linux 2023 has glibc 2.34; pip does not infer the older tags from the newest.
tags := manylinux_2_34 manylinux_2_28 manylinux_2_27 manylinux_2_26 manylinux2014

define install-locked
$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
	--require-hashes --only-binary=:all: --implementation cp --python-version 3.13 \
	$(tags:%=--platform %_$(machine)) --target "$(ARTIFACTS_DIR)/python" -r requirements.lock
endef
