# Everything runs in .venv, which the first target that needs it sets up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Tests start hundreds of processes that import us and the frameworks: containers often set this, and then each one
# compiles every module anew, half of all its time. Empty is unset.
export PYTHONDONTWRITEBYTECODE :=

# The two pictures that started it, exactly as people paste them.
PICTURES := examples/many-to-many-last-3.seq examples/many-to-many-padded.seq

# What benchmarks measured, and the few pictures for which torch.compile is waited for.
FIGURES := build/benchmarks
COMPILED := many-to-one stacked broken-chains attention convolutions

# Scripts that train models, each with its picture.
TRAINED := examples/trained

# What the site is built with.
DOCS := build/docs-venv

# Environments with the oldest versions that pyproject.toml accepts, and what of the tests needs no framework.
OLDEST := build/oldest
OLDEST_KERAS := build/oldest-keras
CORE := tests/analysis tests/draw tests/errors tests/explain tests/formatter tests/golden tests/layout tests/lints \
	tests/lowering tests/passes tests/picture tests/project tests/repair tests/reports tests/syntax tests/text \
	tests/editing tests/lsp tests/diagnosis/test_diagnosis_pictures.py \
	tests/integrations/test_integrations_embedded.py tests/integrations/test_integrations_notebook.py \
	$(addprefix tests/cli/test_cli_,$(addsuffix .py,draw findings format generate_check help main new))

# The playground: what it is built of, and the page.
WEB_SOURCES := $(shell find seqdsl grammar templates examples web -name node_modules -prune -o -type f \
	! -name '*.pyc' ! -path 'web/test/*' -print)
SITE := build/site/index.html

# The language server that the extension carries, for any client.
BUNDLED := editors/vscode/node_modules/.bin/node editors/vscode/dist/server.js --stdio

.DEFAULT_GOAL := help
.PHONY: help setup demo trained test lsp-test vscode test-oldest test-oldest-keras web web-serve web-test web-measure docs docs-serve \
	site fuzz bench bench-guard lint style types all-tests format clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv with seqdsl, Keras, PyTorch and the tools

# The stamp is written last: an interrupted set-up is taken up again.
$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV); TensorFlow and PyTorch take a few minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		-c constraints.txt -e '.[keras,torch,jax,draw,lsp,trained,dev]'
	@touch $@

demo: $(READY) ## two pasted pictures as Keras and PyTorch source, then verify all examples
	@set -e; for picture in $(PICTURES); do \
		printf '\n=== %s ===\n\n' "$$picture"; \
		cat "$$picture"; \
		for target in keras torch; do \
			printf '\n--- seqdsl generate %s --to %s ---\n\n' "$$picture" "$$target"; \
			$(BIN)/seqdsl generate "$$picture" --to "$$target"; \
		done; \
	done
	@printf '\n=== seqdsl verify examples ===\n\n'
	@$(BIN)/seqdsl verify examples

trained: $(READY) ## train the models of examples/trained and write docs/trained.md; about half an hour
	cd $(TRAINED) && for target in keras torch; do for picture in *.seq; do \
		../../$(BIN)/seqdsl generate $$picture --to $$target -o models/$$target/ || exit 1; done; done
	$(BIN)/python $(TRAINED)/number_words_torch.py
	$(BIN)/python $(TRAINED)/number_words_torch.py --attention
	$(BIN)/python $(TRAINED)/number_words_torch.py --reverse
	$(BIN)/python $(TRAINED)/number_words_transfer.py
	$(BIN)/python $(TRAINED)/text_torch.py
	$(BIN)/python $(TRAINED)/forecast_torch.py
	$(BIN)/python $(TRAINED)/answers_torch.py
	$(BIN)/python -m torch.distributed.run --nproc-per-node 2 $(TRAINED)/devices_torch.py
	$(BIN)/python $(TRAINED)/devices_keras.py
	$(BIN)/python $(TRAINED)/page.py

# Types are checked while the first tests are collected: mypy uses one processor.
test: style ## everything that must hold: lint, types, all tests
	@$(MAKE) --no-print-directory -j 2 types all-tests

all-tests: $(READY)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

lsp-test: $(READY) ## the language server, asked by a client in another process; a part of `make test`
	$(BIN)/python -m pytest -q tests/lsp tests/editing

# Node 24 comes with the packages: an older one needs only to run npm. Pyodide is the playground's.
vscode: $(READY) ## the extension for VS Code: test its grammar and the server in it, write build/seqdsl.vsix
	@web/setup.sh
	cp LICENSE editors/vscode/
	cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error && npm test && npm run build
	SEQDSL_LSP="$(BUNDLED)" $(BIN)/python -m pytest -q tests/lsp
	cd editors/vscode && npm run package

test-oldest: $(OLDEST)/.ready ## the tests of the core on the oldest versions of what it needs
	$(OLDEST)/bin/python -m pytest -q -n 2 --dist loadfile -p no:cacheprovider $(CORE)

$(OLDEST)/.ready: pyproject.toml constraints-oldest.txt
	@echo "Setting up $(OLDEST)."
	@$(PYTHON) -m venv --clear $(OLDEST)
	@$(OLDEST)/bin/python -m pip install -qq --disable-pip-version-check -c constraints-oldest.txt \
		-e '.[draw,lsp]' fastjsonschema hypothesis ipython numpy pytest pytest-xdist pyyaml setuptools
	@touch $@

test-oldest-keras: $(OLDEST_KERAS)/.ready ## all examples on the oldest Keras and TensorFlow; loads 600 MB
	$(OLDEST_KERAS)/bin/seqdsl verify examples --to keras

$(OLDEST_KERAS)/.ready: pyproject.toml constraints-oldest.txt
	@echo "Setting up $(OLDEST_KERAS); TensorFlow takes a few minutes."
	@$(PYTHON) -m venv --clear $(OLDEST_KERAS)
	@$(OLDEST_KERAS)/bin/python -m pip install -qq --disable-pip-version-check \
		-c constraints-oldest.txt -e '.[keras]'
	@touch $@

web: $(SITE) ## build the playground, a static page, in build/site

$(SITE): $(READY) $(WEB_SOURCES)
	@web/setup.sh
	@node web/build.mjs

web-serve: $(SITE) ## show the playground at http://127.0.0.1:8000; PORT=N: elsewhere
	@node web/serve.mjs

web-test: $(SITE) build/web/expected.json ## the playground in Chromium, against the command line
	@web/setup.sh --browser
	@cd web && npx --no-install tsc --noEmit
	cd web && npm test --silent

build/web/expected.json: $(SITE) web/test/expected.py
	@PYTHONPATH=$(CURDIR) $(BIN)/python web/test/expected.py $@

web-measure: $(SITE) ## how long the playground takes, and how large it is; writes docs/playground.md
	@web/setup.sh --browser
	@cd web && node measure.mjs

# The first random picture of `make fuzz`: other pictures than those of `make test`, the same for a number everywhere.
SEED ?= 1000000

fuzz: $(READY) ## the long runs of random pictures and hostile texts; SEED=N: others than last time
	$(BIN)/python -m pytest -q -n 2 tests/properties/test_any_text.py -k hostile_texts --hostile-texts=100000 --first-seed=$(SEED)
	$(BIN)/python -m pytest -q -n 2 tests/properties/test_random_pictures.py --random-pictures=20000 --first-seed=$(SEED)
	$(BIN)/python -m pytest -q -n 2 tests/drawn_out/test_drawn_out_pictures.py --drawn-out-pictures=20000 --first-seed=$(SEED)
	$(BIN)/python -m pytest -q -n 2 tests/layout/test_layout_meaning.py -k random --laid-out-pictures=10000 --first-seed=$(SEED)
	$(BIN)/python -m pytest -q -n 2 tests/layout/test_layout_wirings.py -k random --wired-pictures=2000 --first-seed=$(SEED)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/ported --ports-in-full
	$(BIN)/python -m pytest -q tests/verify/test_verify_random.py --proven-pictures=2000 --first-seed=$(SEED)

docs: $(DOCS)/.ready ## build the site in build/docs, with the playground if it was built
	@$(DOCS)/bin/python -m docs.site.assemble
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build -q
	@$(DOCS)/bin/python -m docs.site.check

$(DOCS)/.ready: pyproject.toml constraints.txt
	@echo "Setting up $(DOCS)."
	@$(PYTHON) -m venv --clear $(DOCS)
	@$(DOCS)/bin/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

site: web ## the site with the playground in it, in build/docs
	@$(MAKE) docs

docs-serve: docs ## show the site at http://127.0.0.1:8000
	@$(DOCS)/bin/python -m http.server 8000 --bind 127.0.0.1 --directory build/docs

bench: $(READY) ## measure everything anew and write docs/benchmarks.md; about half an hour
	@mkdir -p $(FIGURES)
	$(BIN)/python -m benchmarks.models torch --json $(FIGURES)/torch.json
	$(BIN)/python -m benchmarks.models torch $(COMPILED) --compile --size honest --json $(FIGURES)/compiled.json
	$(BIN)/python -m benchmarks.models keras --json $(FIGURES)/keras.json
	$(BIN)/python -m benchmarks.generation --json $(FIGURES)/generation.json
	$(BIN)/python -m benchmarks.compile --json $(FIGURES)/compile.json
	$(BIN)/python -m benchmarks.verify --json $(FIGURES)/verify.json
	$(BIN)/python -m benchmarks.reading --json $(FIGURES)/reading.json
	-$(BIN)/python -m benchmarks.growth --json $(FIGURES)/growth.json
	-$(BIN)/python -m benchmarks.growth --worst --json $(FIGURES)/commands.json
	$(BIN)/python -m benchmarks.page $(FIGURES)

bench-guard: $(READY) ## whether something became much slower: a few ratios, generous margins
	$(BIN)/python -m benchmarks.guard

lint: style types ## style, layout and types

style: $(READY)
	$(BIN)/ruff check -q
	$(BIN)/ruff format -q --check

types: $(READY)
	$(BIN)/mypy

format: $(READY) ## repair style and layout where that can be done for you
	$(BIN)/ruff check -q --fix
	$(BIN)/ruff format

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist seqdsl.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .seqdsl_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
