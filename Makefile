# Each target does its own set-up; a second call is quick. GPU=1 installs CUDA with it.
.PHONY: demo test lint dry-run bench bench-scale real paper-small slurm-test discovery-test forecast side-by-side
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORES ?= 2
# Jobs of a cluster that run at the same time, and config files, for the forecast.
JOBS ?= 100
CONFIG ?=
# Folder of the measurements for `make real` and some tests.
export DEGU_DATA ?= $(abspath ../shared/data)

LOCK := requirements$(if $(GPU),-gpu).lock
INSTALLED := $(VENV)/installed$(if $(GPU),-gpu)

$(INSTALLED): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, not " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement $(LOCK)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	touch $@

demo: $(INSTALLED)  ## the whole workflow on the lac promoter, and its report
	$(BIN)/snakemake --cores $(CORES) --configfile demo/config.yaml
	$(BIN)/snakemake --cores $(CORES) --configfile demo/config.yaml --report results/report.html

test: $(INSTALLED)  ## all tests
	$(BIN)/python -m pytest --numprocesses $(CORES) --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED)  ## style of Python and Snakemake files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile rules
	$(BIN)/snakemake --lint

# Real measurements are not part of the repository.
CONFIGS := config.yaml demo/config.yaml tests/simulated.yaml tests/paper_small.yaml
CONFIGS += $(if $(wildcard $(DEGU_DATA)/lentimpra_joint),tests/real/lentimpra.yaml)

dry-run: $(INSTALLED)  ## every shipped config, on this machine and for a cluster
	for config in $(CONFIGS); do \
	  $(BIN)/snakemake -n --quiet --configfile $$config --directory build/dry-run && \
	  $(BIN)/snakemake -n --quiet --configfile $$config --directory build/dry-run --profile slurm || exit; \
	done

bench: $(INSTALLED)  ## speed against peers, in one run
	$(BIN)/python tests/bench/bench_training.py
	$(BIN)/python tests/bench/bench_tracks.py
	$(BIN)/python tests/bench/bench_bootstrap.py
	$(BIN)/python tests/bench/bench_attribution.py
	$(BIN)/python tests/bench/bench_scoring.py

bench-scale: $(INSTALLED)  ## memory of trainings by the size of the data set
	$(BIN)/python tests/bench/bench_scale.py

real: $(INSTALLED)  ## the workflow on lentiMPRA measurements, where they lie
	@test -d "$(DEGU_DATA)/lentimpra_joint" || { echo "skipped: $(DEGU_DATA)/lentimpra_joint is missing"; exit 0; } && \
	$(BIN)/snakemake --cores $(CORES) --configfile tests/real/lentimpra.yaml --directory build/real && \
	$(BIN)/snakemake --cores $(CORES) --configfile tests/real/lentimpra.yaml --directory build/real --report results/report.html

# Of so little data jobs are mostly starts of TensorFlow, which take one core.
ONE_THREAD := attribute label predict predict_shifted predict_variants sample_dropout shift

paper-small: $(INSTALLED)  ## every panel's numbers of the paper, on the simulated world
	$(BIN)/snakemake --cores $(CORES) --configfile tests/paper_small.yaml --directory build/paper_small \
	  --set-threads $(addsuffix =1,$(ONE_THREAD))
	$(BIN)/python -m pytest --numprocesses 0 tests/test_panels.py

forecast: $(INSTALLED)  ## jobs, GPU-hours, wall time and disk of what would run
	@$(BIN)/python slurm/forecast.py $(JOBS) $(CONFIG)

side-by-side: $(INSTALLED)  ## how many members of a network to train on one GPU at a time
	$(BIN)/python slurm/side_by_side.py $(ARCHITECTURE) $(LENGTH)

discovery-test: $(INSTALLED)  ## motifs by modisco-lite, which is compiled for minutes
	DEGU_DISCOVERY=1 $(BIN)/python -m pytest tests/test_motifs_discovery.py

slurm-test: $(INSTALLED)  ## the workflow and its faults through a real SLURM (Debian, as root)
	$(BIN)/python -m pytest --numprocesses 0 tests/slurm/whole.py tests/slurm/faults.py
