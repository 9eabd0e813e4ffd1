# make run     a newsroom with sample content, DEBUG on            make serve  a newsroom of your own, as in production
# make demo    make serve, with sample content and a login
# make test    every check and test                                make bench  measurements
# make deep    both databases whole, chance tried far more often   make lock   compile requirements*.in
# make mutants twenty broken rules, each noticed by a test         make shots  the guides' pictures anew
# make messages  the catalogues of translations anew, compiled    make unit-next  the tests on the newest Django
# make audit   known faults of what is pinned                     make help    this
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
# As for the site itself: the environment, then the file .env, then the default.
dotenv = $(shell sed -n 's/^$(1)=//p' $(or $(ENV_FILE),.env) 2>/dev/null | tail -n 1)
PORT := $(or $(PORT),$(call dotenv,PORT),8000)
DATA_DIR := $(or $(DATA_DIR),$(call dotenv,DATA_DIR),var)
VENV := .venv
BIN := $(VENV)/bin
export PORT DATA_DIR
export PYTHONDONTWRITEBYTECODE ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run serve test lint types types-js unit unit-next audit unit-postgres browser deep mutants bench lock shots messages clean database sample key demo
help:
	@sed -n 's/^# //p' Makefile

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The newsroom needs Python 3.11 or later.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@ $(VENV)/.run

database: $(VENV)/.run
	@mkdir -p -m 700 $(DATA_DIR)
	@$(BIN)/python manage.py migrate --verbosity 0

# The sample newsroom and a login; quick when they are there already.
sample: database
	@$(BIN)/python manage.py load_sample
	@$(BIN)/python manage.py create_login editor --role editor --generate

run: export DEBUG := 1
run: sample
	@echo "The newsroom: http://localhost:$(PORT)/   for staff: http://localhost:$(PORT)/admin/"
	@exec $(BIN)/python manage.py runserver $(PORT)

# In production SECRET_KEY is a setting; where it is none, one is made once and kept for this account alone.
key: $(VENV)/.run
	@mkdir -p -m 700 $(DATA_DIR)
	@test -n "$${SECRET_KEY:-$(if $(call dotenv,SECRET_KEY),set)}" || test -s $(DATA_DIR)/secret_key || (umask 077; \
	  $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $(DATA_DIR)/secret_key)

serve demo: export DEBUG := 0
serve: key database
	@echo "Collecting the static files; the first time this takes a minute."
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@echo "The newsroom: http://localhost:$(PORT)/   for staff: http://localhost:$(PORT)/admin/"
	@exec $(BIN)/python -m newsroom.serve

demo: key sample serve

# Part by part, and what each of them took. Two parts run at once, since one computes while the other waits; what a part says is
# printed when it has ended. All of them run, whatever fails; which did is said at the end.
PARTS := lint types browser unit unit-postgres
test: $(VENV)/.dev
	@rm -f $(VENV)/minutes $(VENV)/failed; began=$$SECONDS; \
	$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=recurse $(PARTS:%=part-%) || true; \
	echo "Minutes:$$(cat $(VENV)/minutes)  in all $$(((SECONDS - began) / 60)):$$(printf %02d $$(((SECONDS - began) % 60)))"; \
	if test -e $(VENV)/failed; then echo "FAILED:$$(cat $(VENV)/failed)"; exit 1; fi; \
	test $$(wc -w < $(VENV)/minutes) = $$((2 * $(words $(PARTS))))

part-%: $(VENV)/.dev
	@echo "── $*"; SECONDS=0; passed=1; $(MAKE) --no-print-directory $* || passed=; \
	printf '  %s %d:%02d' $* $$((SECONDS / 60)) $$((SECONDS % 60)) >> $(VENV)/minutes; \
	test $$passed || { printf ' %s' $* >> $(VENV)/failed; exit 1; }

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/biome ci --error-on-warnings static
	$(BIN)/oxlint --deny-warnings static/js
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html' 'templates/**/*.html')
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0

types: $(VENV)/.dev types-js
	DEBUG=1 $(BIN)/mypy

# The scripts' types stand in comments (JSDoc); TypeScript comes with Deno, as a wheel. It asks no network.
types-js: export DENO_DIR := $(VENV)/deno
types-js: $(VENV)/.dev
	$(BIN)/deno check --quiet --check-js --no-remote --no-npm $$(git ls-files 'static/js/*.js' 'static/js/*.d.ts')

# The tests start Python often: compiled files are kept, whatever the shell says, so that each start takes a third less.
unit unit-postgres browser deep: export PYTHONDONTWRITEBYTECODE :=

# Whose newsroom is made once a module stays together as far as it goes: worksteal gives each process a stretch of the tests.
unit: $(VENV)/.dev
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not browser"

# The newest Django, in an environment of its own; it needs a newer Python, which is found in PATH or among those of pyenv.
NEXT := .venv-next
NEXT_TESTS ?= tests/models tests/workflow tests/views tests/sources tests/accounts tests/newsroom/test_settings.py
unit-next: $(VENV)/.dev
	@for newer in python3.14 python3.13 python3.12 $$HOME/.pyenv/versions/3.1[2-9]*/bin/python; do \
	  if test -x $(NEXT)/bin/python || ! $$newer -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then continue; fi; \
	  $(BIN)/uv venv --quiet --python "$$($$newer -c 'import sys; print(sys.executable)')" $(NEXT); \
	done; test -x $(NEXT)/bin/python || { echo "No Python 3.12 or later was found, which the newest Django needs."; exit 1; }
	@$(BIN)/uv pip install --quiet --python $(NEXT)/bin/python --override <(echo "Django>=6.0") -r requirements-dev.in
	@$(NEXT)/bin/python -c 'import django, sys; print("Django", django.__version__, "on Python", sys.version.split()[0])'
	$(NEXT)/bin/python -m pytest -q -n 2 -m "not browser" $(NEXT_TESTS)

# Needs the network: without it nothing is known, and that is an error and no clean bill.
audit: $(VENV)/.dev
	@$(BIN)/uv tool run --quiet pip-audit --require-hashes --disable-pip --strict -r requirements.txt || { \
	  echo "The pins could not be audited, or a fault is known: see above."; exit 1; }

unit-postgres: $(VENV)/.dev
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -n 2 --dist worksteal -m "not browser" --only-sql

# Three for two cores: a browser waits, too. Neighbours stay together: they share pages and what is asked once for a module.
browser: $(VENV)/.dev
	@if sh tests/browser/find_chromium.sh; then $(BIN)/pytest -q -n 3 --dist worksteal -m browser tests/browser; \
	else echo "browser tests skipped: no Chromium was found and none could be installed"; fi

# Everything on both databases: whole matrices, and what is tried by chance tried far more often. Takes an hour or two.
deep: export DEEP := 1
deep: $(VENV)/.dev
	$(BIN)/pytest -q -n 2 -m "not browser" -o faulthandler_timeout=3600
	$(BIN)/python -m tests.postgres $(BIN)/pytest -q -n 2 -m "not browser" --only-with-database -o faulthandler_timeout=3600
	@if sh tests/browser/find_chromium.sh; then $(BIN)/pytest -q -n 2 -m browser -o faulthandler_timeout=3600 tests/browser; fi

# Twenty broken rules; each has to be noticed by a test of the default run.
mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutants

# In one run: each page as the newsroom grows, beside Wagtail, held pages, memory. It writes docs/performance.md.
bench: $(VENV)/.dev
	$(BIN)/python -m bench report

shots: $(VENV)/.dev
	$(BIN)/python docs/take_screenshots.py

# What the code says and no catalogue holds yet comes in untranslated. Sorted, without places and dates: those would
# change with every move.
messages: $(VENV)/.dev
	@for domain in django djangojs; do \
	  DEBUG=1 $(BIN)/python manage.py makemessages --all --domain $$domain --no-location --no-wrap --no-obsolete \
	    --ignore 'tests/*' --ignore 'bench/*' --ignore 'docs/*' --ignore '$(DATA_DIR)/*' \
	    $$(test $$domain = djangojs || echo --extension html,txt,xml,opml,py); done
	@for file in locale/*/LC_MESSAGES/*.po; do msgcat --sort-output --no-wrap -o $$file $$file; done
	@sed -i '/^"POT-Creation-Date:/d; /^"Report-Msgid-Bugs-To: \\n"/d' locale/*/LC_MESSAGES/*.po
	@DEBUG=1 $(BIN)/python manage.py compilemessages --ignore '$(VENV)' --verbosity 0

lock: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --python-version 3.11 \
	  --custom-compile-command "make lock" -o requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --python-version 3.11 \
	  --custom-compile-command "make lock" -o requirements-s3.txt requirements-s3.in
	$(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --python-version 3.11 \
	  --custom-compile-command "make lock" -o requirements-dev.txt requirements-dev.in
	$(BIN)/uv pip compile --quiet --no-strip-extras --generate-hashes --python-version 3.11 \
	  --custom-compile-command "make lock" -o bench/beside/requirements.txt bench/beside/requirements.in

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
