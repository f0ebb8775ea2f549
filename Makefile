# Every target sets up what it needs in .venv: nothing else has to be installed by hand beyond Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
CORPUS ?= corpus
# For each kind of input.
FUZZ_SECONDS ?= 180

.PHONY: app test test-library test-app soak fuzz build evaluate evaluate-public ablation transparency-record
.PHONY: lint lock audit coverage mutation screenshots bench clean

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

soak: .venv/test ## show every promise of docs/reliability.md, the long ones too, and write its table: some two hours
	$(BIN)/python -m pytest -m promise --table docs/reliability.md

fuzz: .venv/fuzz ## look for input that breaks a promise, led by coverage: an hour; crashes go to reports/crashes
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

coverage: .venv/test ## every branch of what publishes, guards, renders and refuses is tested, or it fails
	$(BIN)/python -m coverage run -m pytest @tests/critical.txt
	$(BIN)/python -m coverage report

mutation: .venv/upkeep ## do tests notice when that code is changed? writes docs/mutation.md: some minutes
	rm -rf mutants
	OMP_NUM_THREADS=1 $(BIN)/python -m mutmut run
	$(BIN)/python -m tests.mutation

lint: .venv/test ## style, types, and that imports go one way
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: .venv/upkeep ## write locks/ from pyproject.toml, with a network; newer versions by UV=--upgrade
	$(BIN)/python -m tests.lock $(UV)

audit: .venv/upkeep ## look for known faults of the packages in locks/; needs a network
	$(BIN)/pip-audit --strict --disable-pip --require-hashes \
		$(foreach name,build app torch test fuzz upkeep,--requirement locks/$(name).txt)

screenshots: build .venv/test ## picture every page and state of the app: docs/screens, and the README's pictures
	$(BIN)/python -m tests.app.screenshots

bench: build ## measure speed, as ratios in one run
	$(BIN)/python -m benchmarks.speed --plot reports
	$(BIN)/python -m benchmarks.scale --plot reports/scale.svg
	$(BIN)/python -m benchmarks.crawl
	$(BIN)/python -m benchmarks.duplicates

clean: ## remove what the targets made
	rm -rf .venv .citewell reports mutants .coverage

# Only files of locks/ are installed: by their SHA-256, nothing that they do not name, and built by the locked setuptools.
PIP := $(BIN)/python -m pip
LOCKED := $(PIP) install --quiet --no-deps --no-build-isolation --require-hashes --requirement

.venv/app: pyproject.toml locks/build.txt locks/app.txt locks/torch-cpu.txt locks/torch.txt
	$(PYTHON) -m venv .venv
	$(LOCKED) locks/build.txt
	$(LOCKED) locks/app.txt
	$(LOCKED) locks/torch-cpu.txt 2>/dev/null || $(LOCKED) locks/torch.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(PIP) check
	touch $@

.venv/test: .venv/app locks/test.txt
	$(LOCKED) locks/test.txt
	touch $@

.venv/upkeep: .venv/test locks/upkeep.txt
	$(LOCKED) locks/upkeep.txt
	touch $@

.venv/fuzz: .venv/test locks/fuzz.txt
	$(LOCKED) locks/fuzz.txt
	touch $@
