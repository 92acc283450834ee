# The commands of this project. `make` alone lists them; every target first installs missing Debian packages.

# Fonts, 79 MB to download: Latin, Greek and Cyrillic; a hundred other scripts (12 MB); Chinese, Japanese and Korean (57 MB); emoji (10 MB).
# Only the first is required: without the others, their scripts are drawn as boxes.
FONT_PACKAGES  := fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji

# Debian packages to build and serve, and further ones for tests and benchmarks.
PACKAGES       := libfcgi-dev libpng-dev libfreetype-dev libharfbuzz-dev libfribidi-dev libunibreak-dev libisal-dev libdeflate-dev \
                  libturbojpeg0-dev libwebp-dev libgif-dev pkg-config nginx-light \
                  $(FONT_PACKAGES)
TEST_PACKAGES  := python3-venv pngcheck librsvg2-bin libjpeg-turbo-progs curl wrk openssl
BENCH_PACKAGES := python3-venv wrk
BROWSER_PACKAGES := python3-venv chromium
# Programs that use the API, as Debian has them.
CLIENT_PACKAGES := python3-venv pngcheck curl httpie php-cli php-curl libwww-perl wget
LINT_PACKAGES  := python3-venv shellcheck
DEB_PACKAGES   := debhelper dpkg-dev lintian
# Packages to install a Debian system into a directory and to boot it.
MACHINE_PACKAGES := debootstrap systemd-container python3-venv wrk

# Drawing is three times faster with AVX2; ld.so knows whether this machine has all of x86-64-v3. ARCHFLAGS= builds for any.
ARCHFLAGS ?= $(shell ld.so --help 2>/dev/null | grep -q 'x86-64-v3.*supported' && echo -Xcc -march=x86-64-v3)

# Hardening of the C targets, with Debian's flags. They are set here, because a package that sets such flags cannot be a dependency of another
# package. Package.swift sets the one that is allowed there.
HARDENING := $(addprefix -Xcc ,-fstack-protector-strong -fstack-clash-protection -fcf-protection)

# The released program is statically linked with the Swift libraries, and its relocation table is read-only after startup. XCTest exists only as
# a shared library, so the unit tests have a separate build, which is also in release mode: drawing takes 25 times as long in debug mode.
RELEASE := swift build -c release --scratch-path .build-release --static-swift-stdlib --disable-local-rpath \
           -Xlinker -z -Xlinker now -Xlinker -z -Xlinker relro $(HARDENING) $(ARCHFLAGS)
# The build with failpoints, at which a process can be told to kill itself, and with mutants, which are mistakes that it can be told to make. No
# other build contains them.
STORM_BUILD := swift build -c release --scratch-path .build-storm -Xswiftc -DFAILPOINTS -Xswiftc -DMUTANTS --product Storm
STORM       := .build-storm/release/Storm
# Some mutants crash, and their backtraces are of no interest.
MUTANTS     := SWIFT_BACKTRACE=enable=no $(STORM) mutants
BINARY  := .build-release/release/fakeai-images
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build test test-units test-consumer test-storm storm mutants test-pool attack crowd test-kills test-clients test-browser compare sanitize sanitize-address sanitize-thread
.PHONY: bench load beside soak fuzz fuzz-build deb test-systemd lint docs links format clean
.PHONY: deps deps-test deps-clients deps-browser deps-bench deps-lint deps-deb deps-machine

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and serve on http://127.0.0.1:8000 (ARGS="--port 9000 --workers 4")
	@exec $(BINARY) serve $(ARGS)

build: deps ## build the release executable
	$(RELEASE) --product fakeai-images

test: test-units test-consumer test-storm test-pool ## run every test: units, the library, a short storm, the pool behind nginx, real clients

test-units: deps ## run the unit tests (ARGS="--filter DrawingTests")
	swift test -c release $(ARCHFLAGS) $(ARGS)

# Compiles the library again, without what only the server needs. Release mode compiles each module as a whole, which is cheap if nothing is
# optimized: 50 s of processor time instead of 120 s. The tests' images are so small that slow drawing does not matter.
test-consumer: deps ## test the library from a package of its own, as its users see it
	swift test -c release -Xswiftc -Onone -Xswiftc -num-threads -Xswiftc 2 -debug-info-format none --disable-xctest $(ARCHFLAGS) \
	  --package-path Tests/ImageGenerationConsumer --scratch-path .build-consumer $(ARGS)

test-storm: deps ## test the ring between processes: histories, deaths at every step, a short storm, mutants (KILLS="--kills 10000")
	$(STORM_BUILD)
	$(STORM) try
	$(STORM) kills $(KILLS)
	$(MUTANTS)

mutants: deps ## plant each known mistake in the ring and check that a test finds it
	$(STORM_BUILD)
	$(MUTANTS)

storm: deps ## run the long storm, on a quiet machine: 100,000 kills and 2,000,000 acknowledged entries
	$(STORM_BUILD)
	$(STORM) kills --kills 100000 --acknowledged 2000000 --deaths-per-point 500 --longest-wait 10 $(KILLS)

# Two files of tests run at once, because most of them wait most of the time. Both processes must collect the same tests, so the order of sets
# is fixed.
test-pool: build .venv/.installed ## run the tests against the pool behind nginx (PYTEST="-n 0 -k restart -x")
	PYTHONHASHSEED=0 FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest Tests -n 2 --dist loadfile $(PYTEST)

# Runs the sequences against nginx's cache at the length at which they found faults, interleaves 10,000 requests of sessions, and kills
# workers for a minute.
attack: build .venv/.installed ## run an attacker's attempts for some minutes, and check that nothing breaks or is left behind
	CACHE_SEQUENCES=2000 SESSION_REQUESTS=10000 KILL_SECONDS=60 FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest Tests -m attack $(PYTEST)

test-kills: ## kill a worker every 200 ms for 60 s under load (KILL_SECONDS=600)
	@KILL_SECONDS=$(or $(KILL_SECONDS),60) $(MAKE) --no-print-directory test-pool PYTEST="-n 0 -k kill -s"

# These clients take 3 GB to install. Those in folders of their own need versions of packages that the others cannot have.
CLIENT_FOLDERS := litellm_proxy crewai openai_0_28 openai_1_12

test-clients: build .venv-clients/.installed $(CLIENT_FOLDERS:%=.venv-clients-%/.installed) ## let 16 real clients use the pool: SDKs, frameworks, a proxy, commands (PYTEST="-k haystack")
	@for venv in .venv-clients $(CLIENT_FOLDERS:%=.venv-clients-%); do \
	  folder=$${venv#.venv-clients}; \
	  FAKEAI_BINARY=$(BINARY) $$venv/bin/python -m pytest "Tests/Clients/$${folder#-}" $(PYTEST); \
	  status=$$?; [ $$status -eq 0 ] || [ $$status -eq 5 ] || exit $$status; \
	done

# Installs Debian's Chromium, 300 MB.
test-browser: build .venv-browser/.installed ## test what web pages in a real browser can do to the mock's own routes
	FAKEAI_BINARY=$(BINARY) .venv-browser/bin/python -m pytest Tests/Browser $(PYTEST)

# BEFORE is any executable that was built earlier: in another worktree, or installed from a package. COMPARE="--only keys" runs a part.
compare: build .venv/.installed ## compare the answers to 2,000 requests with those of an older executable (BEFORE=<its path>)
	@test -n "$(BEFORE)" || { echo "BEFORE is empty: expected the path of an older fakeai-images" >&2; exit 2; }
	PYTHONPATH=Tests/Support:Tests/Conformance .venv/bin/python Tests/Compare/answers.py $(COMPARE) "$(BEFORE)" $(BINARY)

crowd: build .venv/.installed ## let 2,000 clients wait 20 s each, and measure the cost (CROWD="<clients>x<seconds>", or x<all arrive within>)
	CROWD=$(or $(CROWD),2000x20) FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest Tests/EndToEnd/test_latency.py -k crowd -s $(PYTEST)

# Uses the linker of Swift's toolchain: gold, the default, fails to export some of the sanitizers' symbols. XCTest is off: no test uses it, and
# the leak check reports its empty test suites. The leak check stays on, because nothing else leaks.
SANITIZED   := ^(DrawingTests|ImageCodingTests|MultipartTests|SharedMemoryTests|FastCGITests)\.
SANITIZE     = swift test --scratch-path $(2) --sanitize $(1) -Xswiftc -use-ld=lld --disable-xctest --filter '$(SANITIZED)' $(ARGS)

sanitize: sanitize-address sanitize-thread ## run the tests of raw memory and threads under the address and the thread sanitizer

sanitize-address: deps
	$(call SANITIZE,address,.build-asan)

sanitize-thread: deps
	TSAN_OPTIONS="suppressions='$$PWD/Tests/Sanitizers/thread.txt'" $(call SANITIZE,thread,.build-tsan)

# The readers of untrusted bytes. libFuzzer starts with the images and forms of the tests, and writes an input that breaks a target to
# .build-fuzz/. Add such an input to the tests.
FUZZ_TARGETS := multipart json id png jpeg webp
FUZZ_SECONDS ?= 60
FUZZ_BUILD   := FAKEAI_FUZZ=1 swift build -c release --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer,address \
                -Xswiftc -use-ld=lld -Xswiftc -enable-testing
FUZZ_SEEDS   := Tests/Fuzz/Seeds
UPLOADS      := Tests/ImageCodingTests/Uploads

fuzz: deps $(FUZZ_TARGETS:%=fuzz-%) ## fuzz every reader of untrusted bytes (FUZZ_SECONDS=60 each)

fuzz-build: deps
	$(FUZZ_BUILD) --product Fuzz

fuzz-%: fuzz-build
	@mkdir -p .build-fuzz/corpus/$*
	@$(if $(filter png jpeg webp,$*),cp $(UPLOADS)/*.$(*:jpeg=jpg) .build-fuzz/corpus/$*,)
	@$(if $(filter multipart,$*),cp Tests/MultipartTests/Bodies/*.body .build-fuzz/corpus/$*,)
	@$(if $(filter json id,$*),cp $(FUZZ_SEEDS)/$*-* .build-fuzz/corpus/$*,)
	.build-fuzz/release/Fuzz $* -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
	  -verbosity=0 -artifact_prefix=.build-fuzz/$*- .build-fuzz/corpus/$*

bench: deps-bench build .venv-bench/.installed ## compare speed and size with peers; writes Tests/Benchmarks/RESULTS.md
	$(RELEASE) --product Benchmarks
	$(RELEASE) --product RingBenchmarks
	.venv-bench/bin/python Tests/Benchmarks/bench.py

# Set the load, for example LOAD="--ramp 16,64,256 --seconds 30 --posts 0.5 --quality hd"; `--help` lists all options.
load: deps-test ## put a running service under load and report the results (URL=http://127.0.0.1:8000 LOAD="--help")
	@python3 Tests/Load/load.py --url $(or $(URL),http://127.0.0.1:8000) $(LOAD)

beside: build .venv/.installed ## measure GETs while other requests try to slow them down (SECONDS=10 each)
	@FAKEAI_BINARY=$(BINARY) .venv/bin/python Tests/Load/beside.py $(or $(SECONDS),10)

soak: build .venv/.installed ## keep a pool under full load for 10 minutes and report growth (SOAK=3600)
	@FAKEAI_BINARY=$(BINARY) .venv/bin/python Tests/Load/soak.py $(or $(SOAK),600)

deb: build deps-deb ## build a Debian package in .build-deb
	$(RELEASE) --product generate-manual
	systemd/build-deb $(BINARY) .build-release/release/generate-manual .build-deb "$(ARCHFLAGS)"

test-systemd: deb deps-machine .venv/.installed ## boot a Debian system, install the package in it, and test it under systemd
	.venv/bin/python -m pytest Tests/Systemd $(PYTEST)

# Files whose first line names a shell.
SHELL_SCRIPTS = $(shell grep -rlE '^\#!.*/(env )?(ba|da)?sh$$' .ci systemd Tests)

lint: deps-lint .venv-lint/.installed links ## check the formatting of Swift, and Python and shell scripts for mistakes
	swift format lint --strict --recursive $(SOURCES)
	.venv-lint/bin/ruff check --quiet
	shellcheck $(SHELL_SCRIPTS)

# The plugin is a dependency only if FAKEAI_DOCS is set, and builds in a directory of its own.
DOCS       := FAKEAI_DOCS=1 swift package --scratch-path .build-docs --allow-writing-to-directory .build-docs/archives
DOCUMENTED := $(patsubst Sources/%/Documentation.docc,%,$(wildcard Sources/*/Documentation.docc))

docs: deps links $(DOCUMENTED:%=docs-%) ## build the documentation archives in .build-docs/archives, and check every link

docs-%:
	@mkdir -p .build-docs/archives
	$(DOCS) generate-documentation --target $* --output-path .build-docs/archives/$*.doccarchive --warnings-as-errors

links: ## check the links between Markdown files
	@python3 Tests/Docs/links.py README.md CONTRIBUTING.md CHANGELOG.md SECURITY.md Sources
	@python3 Tests/Docs/walk.py

format: ## format the sources in place
	@.ci/install-dependencies
	swift format --in-place --recursive $(SOURCES)

clean: ## remove everything that was built or installed in this directory
	rm -rf .build .build-release .build-storm .build-asan .build-tsan .build-fuzz .build-deb .build-machine .build-docs .build-consumer .build-compare .venv .venv-clients .venv-clients-* .venv-browser .venv-bench .venv-lint Tests/.pytest_cache

deps:
	@.ci/install-dependencies $(PACKAGES)

deps-test: deps
	@.ci/install-dependencies $(TEST_PACKAGES)

deps-clients: deps
	@.ci/install-dependencies $(CLIENT_PACKAGES)

deps-browser: deps
	@.ci/install-dependencies $(BROWSER_PACKAGES)

deps-bench: deps
	@.ci/install-dependencies $(BENCH_PACKAGES)

deps-lint:
	@.ci/install-dependencies $(LINT_PACKAGES)

deps-deb: deps
	@.ci/install-dependencies $(DEB_PACKAGES)

deps-machine: deps
	@.ci/install-dependencies $(MACHINE_PACKAGES)

.venv/.installed: Tests/requirements.txt | deps-test
.venv-clients/.installed: Tests/Clients/requirements.txt | deps-clients
$(foreach folder,$(CLIENT_FOLDERS),$(eval .venv-clients-$(folder)/.installed: Tests/Clients/$(folder)/requirements.txt | deps-clients))
.venv-browser/.installed: Tests/Browser/requirements.txt | deps-browser
.venv-bench/.installed: Tests/Benchmarks/requirements.txt | deps-bench
.venv-lint/.installed: Tests/Lint/requirements.txt | deps-lint
# As modules: what pip puts into bin names its interpreter in the first line, where a $ or a quote in the path of this folder does harm.
%/.installed:
	python3 -m venv $*
	$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
