# Every target calls one tool; `make` alone lists them.
# `make run` and `make test` set up whatever they need first (scripts/setup.sh).

SHELL := /bin/sh
BIN := .venv/bin
PLAYWRIGHT := 1.65.1
AXE := 4.13.0
PDFJS := 5.6.205
CLIENT_GENERATOR := openapi-python-client==0.29.1
READERS := hocr-spec==0.2.0 alto-tools==0.1.0 future==1.0.0
TEXTRACT_CLIENTS := langchain-community==0.4.2 amazon-textract-textractor==1.10.0 pypdf Pillow s3-ocr==0.6.3
# A value as one word of the shell, whatever characters it holds.
quoted = '$(subst ','\'',$(value $(1)))'
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run cloud test test-odd test-layer test-web interop interop-client interop-textract chaos mutants coverage hostile soak check contract format bench lock ocr layer build \
	sam-local validate audit clean preflight smoke-aws destroy

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

run: ## start the service here, or read one document: make run FILE=scan.pdf
	@scripts/setup.sh run
ifdef FILE
	@$(BIN)/fanfold extract --out fanfold-out --print -- $(call quoted,FILE)
else
	@$(BIN)/fanfold up
endif

cloud: ## rehearse the deployed wiring here, on an embedded AWS
	@scripts/setup.sh run
	@$(BIN)/fanfold cloud

interop: ## read results with other people's programs and viewers: make interop FILES="a.pdf b.png"
	@scripts/setup.sh dev
	@npm install --silent --no-save --prefix build/interop pdfjs-dist@$(PDFJS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --no-deps --target build/interop/python $(READERS)
	@$(BIN)/python -m bench.others $(FILES)
	@$(BIN)/python -m bench.readback $(FILES)

interop-textract: ## have programs made for Amazon Textract read from this service
	@scripts/setup.sh dev
	@[ -x build/interop/textract/bin/s3-ocr ] || { $(BIN)/python -m venv build/interop/textract && \
		build/interop/textract/bin/pip install --quiet --disable-pip-version-check $(TEXTRACT_CLIENTS); }
	@$(BIN)/python -m tests.interop.textract_clients

interop-client: ## generate a client from the API's description, send a document with it, fetch its text
	@scripts/setup.sh dev
	@[ -x build/interop/client/bin/openapi-python-client ] || { $(BIN)/python -m venv build/interop/client && \
		build/interop/client/bin/pip install --quiet --disable-pip-version-check $(CLIENT_GENERATOR); }
	@$(BIN)/python -m tests.interop.generated_client

test-web: ## drive the web page in Chromium, with what axe finds of it
	@scripts/setup.sh dev
	@$(BIN)/python -m tests.data.samples >/dev/null
	@npm install --silent --no-save --prefix build/web playwright-core@$(PLAYWRIGHT) @axe-core/playwright@$(AXE)
	@cp tests/web/page.test.mjs tests/web/issuer.mjs build/web
	@node --test build/web/page.test.mjs

# Modules are tried side by side, in the order of the folders: those that take longest come first.
test: ## run every test but those of the built layer
	@scripts/setup.sh dev
	@$(BIN)/pytest --ignore=tests/integration/layer --numprocesses logical --dist loadfile \
		--no-loadscope-reorder

test-odd: ## run a sample of the tests with other locales, users, proxies, profiles and folders
	@scripts/setup.sh dev
	@scripts/test-odd.sh $(TESTS)

hostile: ## put bombs, loops, traps and 600 mutants through the real flow; each must end typed
	@scripts/setup.sh dev
	@$(BIN)/python -m tests.hostile

damage: ## break 320 documents and see that no word is lost in silence
	@scripts/setup.sh dev
	@$(BIN)/python -m bench.damage

soak: ## run the service for MINUTES (10) with hostile files and killed workers; say what grows
	@scripts/setup.sh dev
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),10)

test-layer: build ## build for both architectures; try the layers alone (bwrap, qemu)
	@scripts/setup.sh dev
	@ARCHITECTURE=arm64 scripts/sam.sh build --build-dir .aws-sam/arm64
	@ARCHITECTURE=arm64 $(BIN)/python -m infra.template.sizes --template .aws-sam/arm64/template.yaml
	@$(MAKE) --no-print-directory layer ARCH=x86_64
	@$(MAKE) --no-print-directory layer ARCH=arm64
	@$(BIN)/pytest tests/integration/layer

chaos: ## play 10,000 documents through crashes and duplicates, and kill a worker at every call
	@scripts/setup.sh dev
	@$(BIN)/python -m tests.chaos
	@$(BIN)/python -m tests.chaos.lives
	@$(BIN)/python -m tests.chaos.killpoints
	@$(BIN)/python -m tests.chaos.restarts
	@$(BIN)/python -m tests.chaos.powercuts
	@$(BIN)/python -m tests.chaos.copied
	@$(BIN)/python -m tests.chaos.deaths
	@$(BIN)/python -m tests.chaos.awscalls

mutants: ## take away one idea of the design at a time; something must notice each
	@scripts/setup.sh dev
	@$(BIN)/python -m tests.chaos.mutants

coverage: ## measure which branches of stages and adapters the tests take; at least 95 %
	@scripts/setup.sh dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check coverage==7.17.4
	@rm -rf build/coverage && mkdir -p build/coverage
	@$(BIN)/coverage run -m pytest -q tests/unit/stages tests/unit/functions tests/contracts \
		tests/integration/functions tests/integration/permissions tests/chaos
	@$(BIN)/coverage combine -q && $(BIN)/coverage report

check: ## format, lint, types, imports and template rules, in under a minute
	@scripts/setup.sh dev
	@scripts/check.sh

contract: ## write the API's OpenAPI document and its page anew
	@scripts/setup.sh dev
	@$(BIN)/python -m infra.contract

format: ## format the code and mend what ruff can mend
	@scripts/setup.sh dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: ## time a document: make bench FILE=book.pdf
	@scripts/setup.sh run
	@$(BIN)/python -m bench.book -- $(call quoted,FILE)

.PHONY: damage figures
figures: ## bring the figures in the documents up to date with what the commands print
	@scripts/setup.sh dev
	@$(BIN)/python -m bench.figures

lock: ## pin every dependency anew, with hashes
	@scripts/setup.sh run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@$(LOCK) pyproject.toml requirements/build.in --extra cloud -o requirements/run.lock
	@$(LOCK) pyproject.toml requirements/build.in --extra cloud --extra dev -o requirements/dev.lock
	@scripts/lock-aws.sh

ocr: ## build the OCR layer for this machine, without root; `make run` then reads with it
	@$(MAKE) --no-print-directory -C layers/ocr local

layer: ## build the OCR layer for AWS as a zip: make layer ARCH=arm64
	@$(MAKE) --no-print-directory -C layers/ocr zip ARCHITECTURE=$(or $(ARCH),x86_64)

build: ## build the functions and layers for AWS, say what they hold and how large they are; no Docker needed
	@scripts/setup.sh run
	@scripts/sam.sh build
	@$(BIN)/python -m infra.supply
	@$(BIN)/python -m infra.template.sizes

sam-local: build ## run every function as SAM does, in Docker, and print the memory it took
	@$(BIN)/python -m infra.sam

.PHONY: sam-by-hand
sam-by-hand: build ## the same one by one: say what to run, and keep the embedded AWS for it
	@$(BIN)/python -m infra.sam --by-hand

validate: ## check the template as AWS would
	@scripts/setup.sh run
	@scripts/sam.sh validate --lint

preflight: ## say what the account lacks for a deployment: make preflight PARAMETERS="PageConcurrency=200"
	@scripts/setup.sh run
	@$(BIN)/python -m infra.ops.preflight $(foreach pair,$(PARAMETERS),-p $(call quoted,pair))

smoke-aws: ## run a document through a deployed stack: make smoke-aws STACK=fanfold
	@scripts/setup.sh run
	@$(BIN)/python -m infra.ops.smoke --stack $(call quoted,STACK)

destroy: ## say what a removal keeps, ask, and remove a stack: make destroy STACK=fanfold
	@scripts/setup.sh run
	@$(BIN)/python -m infra.ops.destroy --stack $(call quoted,STACK)

.PHONY: terraform terraform-facts
terraform: ## format, validate, plan, apply and compare infra/terraform, without AWS
	@scripts/setup.sh dev
	@scripts/terraform.sh
	@$(BIN)/pytest tests/infra/terraform tests/integration/terraform

terraform-facts: ## write down what infra/terraform makes, after a change to it and to infra/aws
	@scripts/setup.sh dev
	@scripts/terraform.sh
	@$(BIN)/python -m tests.infra.terraform.record

audit: ## hold the templates against cfn-lint's serverless rules and checkov, the locks against known vulnerabilities
	@scripts/setup.sh dev
	@scripts/audit.sh

clean: ## remove everything that can be made again
	rm -rf .venv .venv-sam .venv-audit .venv-terraform .aws-sam .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		.hypothesis \
		fanfold.egg-info fanfold-out build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
