# The few commands a newcomer needs; `make help` lists them. Nothing is downloaded but the hashed locks of requirements/.

PYTHON ?= python3
PORT ?= 5000
VENV := .venv
BIN := $(VENV)/bin
# The locks are complete: without --no-deps, pip would look for newer releases of what a package asks for with extras.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
SETUP_FILES := pyproject.toml README.md LICENSE

.DEFAULT_GOAL := help
.PHONY: help install demo test lint check bench evaluate clean

help: ## montre cette aide
	@echo "Commandes de Savoirs :"
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

install: $(VENV)/.stamp-base ## prépare .venv, rien d’autre

demo: $(VENV)/.stamp-base ## démarre la démonstration sur http://127.0.0.1:5000 (PORT= pour changer)
	@$(BIN)/savoirs demo --port $(PORT)

test: $(VENV)/.stamp-test ## lance tous les tests (T= pour en choisir, par exemple T=tests/unit)
	@$(BIN)/python -m indexer.kernels
	@$(BIN)/python -m pytest -n 2 $(T)

lint: $(VENV)/.stamp-test ## vérifie le style, les types et le sens des imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## tout ce que vérifie l’intégration continue

bench: $(VENV)/.stamp-base $(VENV)/.stamp-bench ## mesure la vitesse sur 10 000 fiches inventées, et à côté d’autres moteurs
	@$(BIN)/savoirs bench
	@$(BIN)/savoirs bench engine --against tantivy,fts5,bm25s

evaluate: $(VENV)/.stamp-base ## mesure la qualité de la recherche et des pairs sur nos jugements
	@$(BIN)/savoirs evaluate search --judgements
	@$(BIN)/savoirs evaluate peers --judgements

clean: ## supprime .venv et les caches, jamais les données
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Savoirs demande Python 3.11 ou plus récent (make PYTHON=… pour en choisir un).") if sys.version_info < (3, 11) else None'
	@echo "Préparation de $(VENV)…"
	@$(PYTHON) -m venv $(VENV)

# A stamp is newer than what it was made from, so that a second run goes straight to work.
$(VENV)/.stamp-%: requirements/%.txt $(SETUP_FILES) | $(VENV)/bin/python
	@echo "Installation de requirements/$*.txt…"
	@$(PIP) --require-hashes -r requirements/$*.txt
	@$(PIP) --no-build-isolation -e .
	@$(BIN)/python -m indexer.kernels
	@touch $@
