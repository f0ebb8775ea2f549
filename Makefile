# Every target sets up what it needs in .venv: nothing else has to be installed by hand beyond Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
CORPUS ?= corpus

.PHONY: app test soak build evaluate evaluate-public ablation transparency-record coverage mutation lint screenshots \
	bench clean

app: build ## start the app on the corpus
	$(BIN)/citewell serve

build: .venv/app ## rebuild entries and index from the captures
	$(BIN)/citewell build --corpus $(CORPUS)

evaluate: build ## measure retrieval, refusal, citations and speed
	$(BIN)/citewell evaluate $(CORPUS)/testset.jsonl --split test --report reports/evaluation.html

evaluate-public: build ## measure on public test sets, beside BM25 alone and the encoder alone
	$(BIN)/python -m benchmarks.public
	$(BIN)/python -m benchmarks.public.articles

ablation: build ## measure what each piece is worth, and write docs/ablation.md
	$(BIN)/python -m benchmarks.ablation

transparency-record: evaluate ## write docs/transparency-record.md anew, with the figures of this evaluation
	$(BIN)/citewell transparency-record --output docs/transparency-record.md

test: .venv/test ## run the tests, in two groups beside each other; those in a browser are skipped without Chromium
	$(MAKE) --jobs 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) test-library test-app

test-library test-app: .venv/test
	$(BIN)/python -m pytest -m "$(GROUP) and not soak"

test-library: GROUP = not (model or browser)
test-app: GROUP = (model or browser)

soak: .venv/test ## show every promise of docs/reliability.md, the long ones too, and write its table: about an hour
	$(BIN)/python -m pytest -m promise --table docs/reliability.md

coverage: .venv/test ## every branch of what publishes, guards, renders and refuses is tested, or it fails
	$(BIN)/python -m coverage run -m pytest @tests/critical.txt
	$(BIN)/python -m coverage report

mutation: .venv/test ## do tests notice when that code is changed? writes docs/mutation.md: a quarter of an hour
	rm -rf mutants
	OMP_NUM_THREADS=1 $(BIN)/python -m mutmut run
	$(BIN)/python -m tests.mutation

lint: .venv/test ## style, types, and that imports go one way
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

screenshots: build .venv/test ## picture every page and state of the app: docs/screens, and the README's pictures
	$(BIN)/python -m tests.app.screenshots

bench: build ## measure speed, as ratios in one run
	$(BIN)/python -m benchmarks.speed --plot reports
	$(BIN)/python -m benchmarks.scale --plot reports/scale.svg
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.duplicates

clean: ## remove what the targets made
	rm -rf .venv .citewell reports mutants .coverage

.venv/app: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/test: .venv/app
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch $@
