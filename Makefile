# make help      list these targets
# make demo      build, then compare simulated models (suites/demo.yaml); needs only Swift and git
# make test      run every test
# make check     formatting, warnings as errors, declared imports, documentation
# make build     the release binary, .build/release/tryout
# make debug     the debug binary and the tests
# make format    format every Swift file in place
# make docs      check links and doc comments
# make reports   run the demo suite and renew reports/
# make bootstrap install the system packages that are missing
# make install   copy the release binary to $(PREFIX)/bin
# make clean     remove everything that was built

PREFIX ?= /usr/local
SWIFT ?= swift
TRYOUT = .build/release/tryout
SWIFT_FILES = Package.swift Sources Tests

.PHONY: help demo test check build debug format docs reports bootstrap install clean

help:
	@sed -n 's/^# make /  make /p' Makefile

bootstrap:
	@scripts/bootstrap

build: bootstrap
	$(SWIFT) build -c release --product tryout

debug: bootstrap
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

demo: build
	$(TRYOUT) run suites/demo.yaml --db demo.db --report-only

test: debug
	$(SWIFT) test --skip-build --disable-xctest --parallel

check: debug docs
	$(SWIFT) format lint --strict --recursive --parallel $(SWIFT_FILES)

format:
	$(SWIFT) format --in-place --recursive --parallel $(SWIFT_FILES)

docs:
	@scripts/check-docs

reports: build
	rm -f .build/reports.db
	$(TRYOUT) run suites/demo.yaml --db .build/reports.db --report reports --report-only

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(TRYOUT) $(DESTDIR)$(PREFIX)/bin/tryout

clean:
	rm -rf .build demo.db demo.db-wal demo.db-shm
