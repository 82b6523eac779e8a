# make run     the whole site, from nothing but Python 3.11      make test    everything that is checked
# make soak    long budgets, coverage, five other days           make bench   figures (QUICK=1: in half a minute)
# make drill   break every part under load, count what is lost
# make attack   slow clients, lookalike addresses, forged rows and their like, against a site of its own
# Made for a fresh machine: no service, no compiler, no root needed; as root it works too.

VENV := .venv
PYTHON_IN := $(VENV)/bin/python
BIN := $(VENV)/bin
INSTALL = exodrive/dev/install.sh $(VENV)
UV ?= uv
LOCK = $(UV) pip compile --quiet --generate-hashes --no-annotate --no-emit-index-url --no-header --python-version 3.11 \
	--python-platform x86_64-unknown-linux-gnu --upgrade
PYTEST = $(BIN)/pytest $(PYTEST_ARGS)
DJADE = $(BIN)/djade --target-version 5.2
TEMPLATES = $(shell find templates -name '*.html')
# To import every other test, too, takes a quarter of a minute.
ALONE = $(shell grep -rl --include='test_*.py' 'mark\.alone' exodrive cars bookings inbox)

export PIP_ROOT_USER_ACTION := ignore
# Compiling every module anew costs each process more than all else it does at its start.
unexport PYTHONDONTWRITEBYTECODE

# A virtual environment knows its own path; one that was moved is made anew.
ifneq ($(shell cat $(VENV)/made-in 2>/dev/null),$(CURDIR))
$(shell rm -rf $(VENV)/made-in)
endif

# What `check --deploy` sees: production, with every secret set. None of these is used anywhere.
PRODUCTION = ENVIRONMENT=production SITE_URL=https://example.com ALLOWED_HOSTS=example.com RESEND_API_KEY=none \
	SECRET_KEY=a-long-random-looking-value-of-more-than-fifty-characters-0123456789 \
	LINK_KEY=another-long-random-looking-value-of-more-than-fifty-characters \
	DATABASE_URL=postgres://exo_app:none@db.invalid/exodrive REDIS_URL=redis://redis.invalid/0

.PHONY: help run test lint types rules soak coverage instants bench drill attack schema lock format clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: $(VENV)/run.stamp
	@exec $(PYTHON_IN) manage.py start

# With MEASURED set, coverage is measured while these tests run, and `make soak` need not run them once more for it.
PLAIN = not alone and not browser and not long
MEASURING = $(PYTEST) -n 2 -m "$(PLAIN)" --cov --cov-report=term

test: lint
ifdef MEASURED
	$(MEASURING)
	$(PYTEST) -n 2 -m "not alone and (browser or long)"
else
	$(PYTEST) -n 2 -m "not alone"
endif
	$(PYTEST) -m alone $(ALONE)

# Types take as long as all the rest: each has a processor.
lint: $(VENV)/test.stamp
	@$(MAKE) --no-print-directory -j 2 --output-sync=target types rules

types:
	$(BIN)/mypy

rules:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(DJADE) --check $(TEMPLATES)
	$(PYTHON_IN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PYTHON_IN) manage.py check --deploy --fail-level WARNING
	$(PYTHON_IN) manage.py check_messages

soak: $(if $(MEASURED),,coverage)
	SOAK=1 $(PYTEST) -n 2 -m "long and not alone"
	SOAK=1 $(PYTEST) -m "long and alone" $(ALONE)
	$(MAKE) --no-print-directory instants

coverage: $(VENV)/test.stamp
	$(MEASURING)

# No day of ours breaks what speaks to a provider's simulator, which has a clock of its own, tries processes, or asks who
# may do what, how a request arrives and what stands in our own files.
DATELESS = bookings/tests/payments/paypal bookings/tests/payments/stripe bookings/tests/api/test_auth.py \
	bookings/tests/api/test_credentials.py exodrive/tests/dev exodrive/tests/db exodrive/tests/http exodrive/tests/limits \
	exodrive/tests/doctor exodrive/tests/test_schemathesis.py exodrive/tests/test_structure.py \
	exodrive/tests/test_documents.py exodrive/tests/test_mailboxes.py exodrive/tests/test_configuration.py \
	exodrive/tests/test_private_names.py

instants: $(VENV)/test.stamp
	$(PYTHON_IN) -m exodrive.dev.instants.run $(PYTEST) -n 2 -m "not browser and not alone and not real_time" \
		$(DATELESS:%=--ignore=%)

bench: $(VENV)/run.stamp
	@exec $(PYTHON_IN) manage.py bench $(if $(QUICK),--quick)

drill: $(VENV)/run.stamp
	@exec $(PYTHON_IN) manage.py drill

attack: $(VENV)/run.stamp
	@exec $(PYTHON_IN) manage.py attack

schema: $(VENV)/run.stamp
	@exec $(PYTHON_IN) manage.py dump_schema

lock:
	@command -v $(UV) >/dev/null || { echo "make lock needs uv (pip install uv)." >&2; exit 1; }
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) --no-deps requirements-embedded.in -o requirements-embedded.txt
	$(LOCK) --constraints requirements.txt requirements-dev.in -o requirements-dev.txt
	$(LOCK) requirements-uv.in -o requirements-uv.txt

format: $(VENV)/test.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(DJADE) $(TEMPLATES)

clean:
	@if [ -f var/lock ] && [ -s var/lock ] && kill -0 "$$(cat var/lock)" 2>/dev/null; then \
		echo "Exodrive runs from this folder; stop it first." >&2; exit 1; fi
	@for file in var/data-folder var/*/data-folder; do \
		if [ -f "$$file" ]; then case "$$(cat "$$file")" in /var/lib/exodrive-*) rm -rf "$$(cat "$$file")";; esac; fi; done
	rm -rf $(VENV) var .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -path ./.venv -prune -o -name '*.mo' -delete

$(VENV)/run.stamp: requirements.txt requirements-embedded.txt $(VENV)/made-in
	@echo "Installing what requirements.txt pins ..."
	@$(INSTALL) requirements.txt requirements-embedded.txt
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what requirements-dev.txt pins ..."
	@$(INSTALL) requirements-dev.txt
	@touch $@

# Debian's Python often has pip without venv's own copy of it, or the other way round: either will do.
$(VENV)/made-in:
	@set -e; python=""; \
	for candidate in $$PYTHON python3.11 python3 python; do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
			python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Exodrive needs Python 3.11; none of python3.11, python3 and python is one (PYTHON=/path/to/it make run)." >&2; \
		exit 1; fi; \
	rm -rf $(VENV); \
	if "$$python" -m pip --python "$$(command -v "$$python")" --version >/dev/null 2>&1; then \
		"$$python" -m venv --without-pip $(VENV); \
		printf '#!/bin/sh\nexec "%s" -m pip --python "%s" "$$@"\n' "$$(command -v "$$python")" "$(CURDIR)/$(PYTHON_IN)" > $(VENV)/pip; \
	elif "$$python" -m venv $(VENV) >/dev/null 2>&1; then \
		printf '#!/bin/sh\nexec "%s" -m pip "$$@"\n' "$(CURDIR)/$(PYTHON_IN)" > $(VENV)/pip; \
	else \
		echo "$$python has neither pip (22.3 or newer) nor a working venv; on Debian: apt-get install python3-venv" >&2; \
		exit 1; fi; \
	chmod +x $(VENV)/pip; \
	echo "$(CURDIR)" > $@
