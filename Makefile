# make help      list these targets
# make demo      build, then compare simulated models (suites/demo.yaml); needs only Swift and git
# make test      run every test
# make selftest  build, then prove on this machine that the numbers can be trusted
# make check     formatting, warnings as errors, declared imports, documentation
# make build     the release binary, .build/release/tryout
# make debug     the debug binary and the tests
# make format    format every Swift file in place
# make docs      check links and doc comments
# make fuzz      look for input that a reader trips over, SECONDS=60 for each of the targets in Fuzz/
# make torture   kill a run with KILLS=200 signals at random moments, and count what was lost and what doubled
# make calibrate simulate worlds of known truth and print how often each estimate kept its promise; ONLY=default: in titles
# make bench     speed, exactness and memory against their bars; docs/performance.md says how to read it
# make reports   run the demo suite and renew reports/
# make bootstrap install the system packages that are missing
# make install   copy the release binary to $(PREFIX)/bin
# make clean     remove everything that was built

PREFIX ?= /usr/local
SWIFT ?= swift
SECONDS ?= 60
KILLS ?= 200
ROUNDS ?= 5
YARDSTICK ?= ../shared/bench
FUZZ_TARGETS ?= body chunk stream suite wait
TRYOUT = .build/release/tryout
# On Linux the release carries Swift's libraries with it: it starts in half the time and needs no Swift where it runs.
STATIC = $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)
SWIFT_FILES = Package.swift Sources Tests Fuzz Calibration Benchmarks

.PHONY: help demo test selftest check build debug format docs fuzz torture calibrate bench reports bootstrap install clean

help:
	@sed -n 's/^# make /  make /p' Makefile

bootstrap:
	@scripts/bootstrap

build: bootstrap
	$(SWIFT) build -c release --product tryout $(STATIC)

debug: bootstrap
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

demo: build
	$(TRYOUT) run suites/demo.yaml --db demo.db --report-only

# Those that start processes run by themselves and a few at a time, since each wants a core or two; and the selftest,
# which wants all of them, runs alone.
test: debug
	@scripts/bootstrap tests
	@scripts/python-sdk
	$(SWIFT) test --skip-build --disable-xctest --parallel --skip TryoutCommandTests
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=6 \
	  $(SWIFT) test --skip-build --disable-xctest --parallel --filter TryoutCommandTests --skip SelftestTests
	$(SWIFT) test --skip-build --disable-xctest --filter TryoutCommandTests.SelftestTests

selftest: build
	$(TRYOUT) selftest

check: debug docs
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_FILES)

format:
	$(SWIFT) format --in-place --recursive --parallel $(SWIFT_FILES)

docs:
	@scripts/check-docs

# What is found on the way, also an input that fails, is kept beside the build. Swift's own handler of crashes would
# end the process before libFuzzer has written that input.
fuzz: bootstrap
	TRYOUT_FUZZ=1 $(SWIFT) build -c release --scratch-path .build-fuzz --product fuzz \
	  --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address -Xswiftc -enable-testing
	@set -e; for target in $(FUZZ_TARGETS); do \
	  mkdir -p .build-fuzz/corpus/$$target; \
	  echo "fuzz $$target"; \
	  SWIFT_BACKTRACE=enable=no .build-fuzz/release/fuzz $$target \
	    -max_total_time=$(SECONDS) -max_len=4096 -timeout=10 -rss_limit_mb=4096 -detect_leaks=0 \
	    -verbosity=0 -print_final_stats=1 -dict=Fuzz/words.dict -artifact_prefix=.build-fuzz/$$target- \
	    .build-fuzz/corpus/$$target Fuzz/Corpus/$$target; \
	done

torture: debug
	TRYOUT_KILLS=$(KILLS) $(SWIFT) test --skip-build --disable-xctest --filter TortureTests

calibrate: bootstrap
	@TRYOUT_CALIBRATE=1 $(SWIFT) build -c release --product calibrate $(STATIC) >&2
	@.build/release/calibrate $(ONLY)

bench: build
	TRYOUT_BENCH=1 $(SWIFT) build -c release --product bench $(STATIC)
	.build/release/bench --rounds $(ROUNDS) --yardstick $(YARDSTICK) $(BENCH)

reports: build
	rm -f .build/reports.db
	$(TRYOUT) run suites/demo.yaml --db .build/reports.db --report reports --report-only

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(TRYOUT) $(DESTDIR)$(PREFIX)/bin/tryout

clean:
	rm -rf .build .build-fuzz demo.db demo.db-wal demo.db-shm
