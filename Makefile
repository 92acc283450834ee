# The commands of this project. `make` alone lists them; every target first installs missing Debian packages.

# Fonts, 80 MB to download: Latin, Greek and Cyrillic (1 MB); symbols (1 MB); a hundred other scripts (12 MB); Chinese, Japanese and Korean
# (57 MB); emoji (10 MB). None is required: without the first, DejaVu is used, and without the others their scripts are drawn as boxes.
FONT_PACKAGES  := fonts-open-sans fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji

# Swift links with gold, which Debian 13 has in a package of its own.
LINKER_PACKAGE := $(if $(shell command -v ld.gold),,binutils-gold)

# Debian packages to build and serve, and further ones for tests and benchmarks.
PACKAGES       := libfcgi-dev libpng-dev libfreetype-dev libharfbuzz-dev libfribidi-dev libthai-dev libunibreak-dev libisal-dev libdeflate-dev \
                  libturbojpeg0-dev libwebp-dev pkg-config nginx-light \
                  $(FONT_PACKAGES) $(LINKER_PACKAGE)
TEST_PACKAGES  := python3-venv pngcheck librsvg2-bin libjpeg-turbo-progs curl wrk nodejs openssl
# Unit tests start servers of their own, and read GIF files by giflib.
UNIT_PACKAGES  := redis-server libgif-dev
# Long trials of stores, too, with network namespaces as hosts.
STORE_PACKAGES := redis-server iproute2
BENCH_PACKAGES := python3-venv wrk
BROWSER_PACKAGES := python3-venv chromium redis-server curl nodejs
DECODER_PACKAGES := python3-venv chromium imagemagick pngcheck
# Programs that use the API, as Debian has them.
CLIENT_PACKAGES := python3-venv pngcheck curl httpie php-cli php-curl libwww-perl wget
LINT_PACKAGES  := python3-venv shellcheck
DEB_PACKAGES   := build-essential debhelper dpkg-dev lintian
# Packages to install a Debian system into a directory and to boot it.
MACHINE_PACKAGES := debootstrap systemd-container python3-venv wrk
# Packages to build an image and to run containers and pods.
IMAGE_PACKAGES := podman runc catatonit mmdebstrap git
CONTAINER_PACKAGES := python3-venv curl wrk util-linux netavark aardvark-dns

# Drawing is three times faster with AVX2; ld.so knows whether this machine has all of x86-64-v3. ARCHFLAGS= builds for any.
ARCHFLAGS ?= $(shell ld.so --help 2>/dev/null | grep -q 'x86-64-v3.*supported' && echo -Xcc -march=x86-64-v3)

# Hardening of the C targets, with Debian's flags. They are set here, because a package that sets such flags cannot be a dependency of another
# package. Package.swift sets the one that is allowed there.
CONTROL_FLOW := $(if $(filter aarch64,$(shell uname -m)),-mbranch-protection=standard,-fcf-protection)
HARDENING := $(addprefix -Xcc ,-fstack-protector-strong -fstack-clash-protection $(CONTROL_FLOW))

# The released program is statically linked with the Swift libraries, and its relocation table is read-only after startup. XCTest exists only as
# a shared library, so the unit tests have a separate build, which is also in release mode: drawing takes 25 times as long in debug mode.
# The default linker, gold, warns of mktemp(3), which is called in Foundation. lld does not, but makes a program three times as large.
RELEASE_BUILD := swift build -c release --scratch-path .build-release --static-swift-stdlib --disable-local-rpath \
                 -Xlinker -z -Xlinker now -Xlinker -z -Xlinker relro $(HARDENING) $(ARCHFLAGS)
# The tests' build has failpoints, at which a process can be told to kill itself, and mutants, which are mistakes that it can be told to make. No
# other build contains them. Storm is built with the unit tests, because a build of its own would compile the same code again; and by `swift test
# list`, because `swift build` cannot build in release mode what tests import.
TEST_FLAGS  := -c release -Xswiftc -DFAILPOINTS -Xswiftc -DMUTANTS $(ARCHFLAGS)
STORM_BUILD := swift test list $(TEST_FLAGS) >/dev/null
STORM       := .build/release/Storm
# Some mutants crash, and their backtraces are of no interest.
MUTANTS     := SWIFT_BACKTRACE=enable=no $(STORM) mutants
BINARY  := .build-release/release/fakeai-images
SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build test test-units test-consumer test-storm storm mutants test-pool test-stores attack crowd test-kills test-batches test-conversations test-clients test-sdk test-browser test-page-load compare sanitize sanitize-address sanitize-thread test-python-client schemathesis
.PHONY: bench bench-redis load beside soak fuzz fuzz-build decoders deb deb-machine test-systemd test-machine test-trixie image test-image test-manifests lint docs reference links format clean
.PHONY: deps deps-units deps-stores deps-test deps-clients deps-browser deps-decoders deps-bench deps-lint deps-deb deps-machine deps-image deps-container

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build and serve on http://127.0.0.1:8000 (ARGS="--port 9000 --workers 4")
	@exec $(BINARY) serve $(ARGS)

build: deps ## build the release executable
	$(RELEASE_BUILD) --product fakeai-images

test: test-units test-consumer test-storm test-pool test-browser test-python-client ## run every test: units, the library, a short storm, the pool behind nginx, the page, the Python client

# What failed is said again at the end, because among the lines of 1,500 tests that run at once nobody finds it. Lines are cut, because Swift
# prints the arguments of tests, some of which are a million characters long.
test-units: SHELL := bash
test-units: .SHELLFLAGS := -o pipefail -c
test-units: deps-units ## run the unit tests (ARGS="--filter DrawingTests")
	@mkdir -p .build
	swift test $(TEST_FLAGS) $(ARGS) 2>&1 | LC_ALL=C sed -u 's/\(.\{1000\}\).*/\1/' | tee .build/tests.log || { printf '\nWhat failed:\n'; grep -a '^✘' .build/tests.log; exit 1; }

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
	PYTHONHASHSEED=0 TEST_STORE=disk FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest $(ON_DISK) -n 2 --dist loadfile $(PYTEST) || [ $$? -eq 5 ]
	PYTHONHASHSEED=0 TEST_STORE=redis FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest $(IN_REDIS) -n 2 --dist loadfile $(PYTEST) || [ $$? -eq 5 ]

# What must be the same wherever images are, and wherever files, responses and batches are.
ON_DISK  := $(addprefix Tests/EndToEnd/test_,images.py formats.py http.py)
IN_REDIS := $(addprefix Tests/EndToEnd/test_,batches.py conversations.py)

# As root. Smaller: DISK_KILLS=20 DISK_FILES=100000 HOST_PICTURES=300 HOST_REQUESTS=1000 HOST_ROUNDS=20 REDIS_FAULTS=1 REDIS_FAILOVERS=1 REDIS_MOVES=1 REDIS_LEAK_SECONDS=60.
test-stores: build deps-stores .venv/.installed ## let images on disk and in Redis go through kills, outages and fail-overs, for an hour (PYTEST="-k leaks")
	FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest Tests/Stores -s $(PYTEST)

# The package for tests in Python, with its own examples and types.
test-python-client: build .venv-python/.installed ## test the Python package in clients/python (PYTEST="-k readme")
	.venv-python/bin/python -m pytest clients/python --fakeai-program $(abspath $(BINARY)) -n 2 $(PYTEST)
	cd clients/python && $(abspath .venv-python/bin/python) -m mypy

# Requests that schemathesis makes from /openapi.json. Each run uses another seed, which it prints: SEED=<number> repeats it.
schemathesis: build .venv-schemathesis/.installed ## try requests of all kinds and compare the answers with /openapi.json (SECONDS=600)
	FAKEAI_BINARY=$(BINARY) .venv-schemathesis/bin/python Tests/Schemathesis/run.py $(or $(SECONDS),600) $(SEED)

# Runs the sequences against nginx's cache at the length at which they found faults, interleaves 10,000 requests of sessions, kills workers for a
# minute, and lets a client of a stream read nothing for half a minute.
attack: build .venv/.installed ## run an attacker's attempts for some minutes, and check that nothing breaks or is left behind
	CACHE_SEQUENCES=2000 SESSION_REQUESTS=10000 KILL_SECONDS=60 SLOW_READER=1 FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest Tests -m attack $(PYTEST)

test-kills: ## kill a worker every 200 ms for 60 s under load (KILL_SECONDS=600)
	@KILL_SECONDS=$(or $(KILL_SECONDS),60) $(MAKE) --no-print-directory test-pool PYTEST="-n 0 -k kill -s"

test-batches: ## perform 1,000 lines in a batch while its worker is killed every 2 s (BATCH_LINES=5000 BATCH_SECONDS=200)
	@BATCH_LINES=$(or $(BATCH_LINES),1000) BATCH_SECONDS=$(or $(BATCH_SECONDS),40) $(MAKE) --no-print-directory test-pool PYTEST="-n 0 -k batch -s"

test-conversations: ## hold 10,000 conversations of five turns, each turn an edit of an earlier picture (CONVERSATIONS=100000)
	@CONVERSATIONS=$(or $(CONVERSATIONS),10000) $(MAKE) --no-print-directory test-pool PYTEST="-n 0 -k conversations -s"

# These clients take 3 GB to install. Those in folders of their own need versions of packages that the others cannot have.
CLIENT_FOLDERS := litellm_proxy crewai image_mcp openai_0_28 openai_1_12

test-clients: build .venv-clients/.installed $(CLIENT_FOLDERS:%=.venv-clients-%/.installed) ## let 20 real clients use the pool: SDKs, frameworks, a proxy, commands (PYTEST="-k haystack")
	@for venv in .venv-clients $(CLIENT_FOLDERS:%=.venv-clients-%); do \
	  folder=$${venv#.venv-clients}; \
	  FAKEAI_BINARY=$(BINARY) $$venv/bin/python -m pytest "Tests/Clients/$${folder#-}" $(PYTEST); \
	  status=$$?; [ $$status -eq 0 ] || [ $$status -eq 5 ] || exit $$status; \
	done

# The tests are in the package's source distribution only, which is downloaded once.
test-sdk: build .venv-sdk/.installed ## run the own tests of OpenAI's Python package for responses, files, batches and webhooks (PYTEST="-k create")
	FAKEAI_BINARY=$(BINARY) PYTHONPATH=Tests/Support .venv-sdk/bin/python Tests/SDK/run.py $(PYTEST)

# Installs Debian's Chromium, 300 MB. A machine on which that cannot be installed tests everything else.
test-browser: build ## test the page in a real browser, and what pages of other origins can do (PYTEST="-k wall")
	@if $(MAKE) --no-print-directory deps-browser; then \
	  $(MAKE) --no-print-directory .venv-browser/.installed && \
	  FAKEAI_BINARY=$(BINARY) .venv-browser/bin/python -m pytest Tests/Browser -n 3 --dist loadfile $(PYTEST); \
	else \
	  printf '\n*** NOT TESTED: the page, because Chromium cannot be installed here (see the errors above). ***\n\n' >&2; \
	fi

test-page-load: ## test the page for two minutes while 200 pictures a second are made, on a quiet machine (PAGE_SECONDS=600)
	@PAGE_SECONDS=$(or $(PAGE_SECONDS),60) $(MAKE) --no-print-directory test-browser PYTEST="-n 0 -k test_page_load -s"

# BEFORE is any executable that was built earlier: in another worktree, or installed from a package. COMPARE="--only keys" runs a part.
compare: build .venv/.installed ## compare the answers to 2,000 requests with those of an older executable (BEFORE=<its path>)
	@test -n "$(BEFORE)" || { echo "BEFORE is empty: expected the path of an older fakeai-images" >&2; exit 2; }
	PYTHONPATH=Tests/Support:Tests/Conformance .venv/bin/python Tests/Compare/answers.py $(COMPARE) "$(BEFORE)" $(BINARY)

crowd: build .venv/.installed ## let 2,000 clients wait 20 s each, and measure the cost (CROWD="<clients>x<seconds>", or x<all arrive within>)
	CROWD=$(or $(CROWD),2000x20) FAKEAI_BINARY=$(BINARY) .venv/bin/python -m pytest Tests/EndToEnd/test_latency.py -k crowd -s $(PYTEST)

# Uses the linker of Swift's toolchain: gold, the default, fails to export some of the sanitizers' symbols. XCTest is off: no test uses it, and
# the leak check reports its empty test suites. The leak check stays on, because nothing else leaks. One test runs at a time, because their time
# limits count from when a test begins, also while it waits for a processor.
SANITIZE = swift test --scratch-path .build-$(2) --sanitize $(1) -Xswiftc -use-ld=lld --disable-xctest --no-parallel \
           --filter '^($(subst $() ,|,$(3)))\.' $(ARGS)

# The tests of code that has threads.
THREADED := ImageCodingTests\.DeflatingThreadTests ImageGenerationTests SharedMemoryTests FastCGITests RedisTests

sanitize: sanitize-address sanitize-thread ## run the tests of raw memory and threads under the address and the thread sanitizer

sanitize-address: deps-units
	$(call SANITIZE,address,asan,DrawingTests ImageCodingTests MultipartTests SharedMemoryTests FastCGITests RedisTests)

sanitize-thread: deps-units
	TSAN_OPTIONS="suppressions='$$PWD/Tests/Sanitizers/thread.txt'" $(call SANITIZE,thread,tsan,$(THREADED))

# The readers of untrusted bytes, and the PNG encoder. libFuzzer starts with the images and forms of the tests, and writes an input that breaks a
# target to
# .build-fuzz/. Add such an input to the tests.
FUZZ_TARGETS := multipart json responses id png jpeg webp png-encoder
FUZZ_SECONDS ?= 60
FUZZ_BUILD   := FAKEAI_FUZZ=1 swift build -c release --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer,address \
                -Xswiftc -use-ld=lld -Xswiftc -enable-testing
FUZZ_SEEDS   := Tests/Fuzz/Seeds
UPLOADS      := Tests/ImageCodingTests/Uploads

fuzz: deps $(FUZZ_TARGETS:%=fuzz-%) ## fuzz every reader of untrusted bytes, and the PNG encoder (FUZZ_SECONDS=60 each)

fuzz-build: deps
	$(FUZZ_BUILD) --product Fuzz

fuzz-%: fuzz-build
	@mkdir -p .build-fuzz/corpus/$*
	@$(if $(filter png jpeg webp,$*),cp $(UPLOADS)/*.$(*:jpeg=jpg) .build-fuzz/corpus/$*,)
	@$(if $(filter multipart,$*),cp Tests/MultipartTests/Bodies/*.body .build-fuzz/corpus/$*,)
	@$(if $(filter json responses id,$*),cp $(FUZZ_SEEDS)/$*-* .build-fuzz/corpus/$*,)
	.build-fuzz/release/Fuzz $* -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
	  -verbosity=0 -artifact_prefix=.build-fuzz/$*- .build-fuzz/corpus/$*

# Each run draws other pictures, and prints its seed: SEED=<number> repeats it.
decoders: deps-decoders .venv-decoders/.installed ## let zlib, libpng, Pillow, ImageMagick and Chromium decode 10,000 PNG files, and compare the pixels with those drawn (PICTURES=100000)
	$(RELEASE_BUILD) --product DrawnPictures
	.venv-decoders/bin/python Tests/Decoders/run.py .build-release/release/DrawnPictures $(or $(PICTURES),10000) $(SEED)

bench: deps-bench build .venv-bench/.installed ## compare speed and size with peers; writes Tests/Benchmarks/RESULTS.md, and figures of it into README.md (PARTS="growing filling" prints these)
	$(RELEASE_BUILD) --product Benchmarks
	$(RELEASE_BUILD) --product RingBenchmarks
	.venv-bench/bin/python Tests/Benchmarks/bench.py $(PARTS)

bench-redis: deps-units ## compare the Redis client with redis-benchmark
	$(RELEASE_BUILD) --product RedisBenchmarks
	.build-release/release/RedisBenchmarks

# Set the load, for example LOAD="--ramp 16,64,256 --seconds 30 --posts 0.5 --quality hd"; `--help` lists all options.
load: deps-test ## put a running service under load and report the results (URL=http://127.0.0.1:8000 LOAD="--help")
	@python3 Tests/Load/load.py --url $(or $(URL),http://127.0.0.1:8000) $(LOAD)

beside: build .venv/.installed ## measure GETs while other requests try to slow them down (SECONDS=10 each, ROWS="form")
	@FAKEAI_BINARY=$(BINARY) .venv/bin/python Tests/Load/beside.py $(or $(SECONDS),10) "$(ROWS)"

soak: build .venv/.installed ## keep a pool under full load for 10 minutes and report growth (SOAK=3600)
	@FAKEAI_BINARY=$(BINARY) .venv/bin/python Tests/Load/soak.py $(or $(SOAK),600)

deb: build deps-deb ## build a Debian package in .build-deb
	$(RELEASE_BUILD) --product generate-manual
	systemd/build-deb $(BINARY) .build-release/release/generate-manual .build-deb "$(ARCHFLAGS)"

# The Debian release of a machine. A package is for one release, because the names of libraries differ.
HERE    := $(shell . /etc/os-release && echo $$VERSION_CODENAME)
RELEASE ?= $(HERE)
DEB     := .build-deb$(if $(filter-out $(HERE),$(RELEASE)),-$(RELEASE))

test-systemd: $(if $(filter-out $(HERE),$(RELEASE)),deb-machine,deb) deps-machine .venv/.installed ## boot a Debian system, install the package in it, and test it under systemd (RELEASE=trixie)
	RELEASE=$(RELEASE) DEB=$(DEB) .venv/bin/python -m pytest Tests/Systemd $(PYTEST)

# Clones what is committed. MACHINE="make test-units" runs another command there.
test-machine: deps-machine ## clone, build and test on a clean Debian (RELEASE=bookworm, RELEASE=trixie)
	Tests/Machine/run $(RELEASE) '$(or $(MACHINE),make build && make test)'

test-trixie: ## clone, build and test on a clean Debian 13
	@$(MAKE) --no-print-directory test-machine RELEASE=trixie

deb-machine: deps-machine ## build the Debian package for another release, on a clean machine, in .build-deb-<release> (RELEASE=trixie)
	Tests/Machine/run $(RELEASE) 'make deb'
	rm -rf $(DEB) && mkdir $(DEB)
	cp .build-machine/$(RELEASE)/changes/root/fakeai-images/.build-deb/*.deb $(DEB)

# BASE is a Debian image of this machine's release from a registry, such as docker.io/library/debian:bookworm-slim. Without it, a base is made from
# Debian's packages, once. ARCHFLAGS= builds for any processor.
image: deb deps-image ## build container images, and archives of them in .build-image (BASE=<an image in a registry>)
	deploy/image/build .build-deb .build-image $(BASE)

test-image: image deps-container .venv-image/.installed ## run the image in containers and pods, as platforms do, and validate what is in deploy/
	.venv-image/bin/python -m pytest $(IMAGE_PYTEST) Tests/Image $(PYTEST)

test-manifests: .venv-image/.installed ## validate the manifests and the chart in deploy/
	.venv-image/bin/python -m pytest $(IMAGE_PYTEST) Tests/Image/test_manifests.py Tests/Image/test_agreement.py $(PYTEST)

# A plugin that comes with the models of Prometheus' resources, and needs what they do not.
IMAGE_PYTEST := -p no:cloudcoil

# Files whose first line names a shell.
SHELL_SCRIPTS = $(shell grep -rlE '^\#!.*/(env )?(ba|da)?sh$$' .ci deploy systemd Tests)

lint: deps-lint .venv-lint/.installed links ## check the formatting of Swift, and Python, shell scripts and the Containerfile for mistakes
	swift format lint --strict --recursive $(SOURCES)
	.venv-lint/bin/ruff check --quiet
	.venv-lint/bin/check-jsonschema --quiet --builtin-schema vendor.github-actions deploy/github-action/action.yml
	shellcheck $(SHELL_SCRIPTS)
	.venv-lint/bin/hadolint Containerfile

# The plugin is a dependency only if FAKEAI_DOCS is set, and builds in a directory of its own.
DOCS       := FAKEAI_DOCS=1 swift package --scratch-path .build-docs --allow-writing-to-directory .build-docs/archives
DOCUMENTED := $(patsubst Sources/%/Documentation.docc,%,$(wildcard Sources/*/Documentation.docc))

docs: deps links $(DOCUMENTED:%=docs-%) ## build the documentation archives in .build-docs/archives, and check every link

docs-%:
	@mkdir -p .build-docs/archives
	$(DOCS) generate-documentation --target $* --output-path .build-docs/archives/$*.doccarchive --warnings-as-errors

reference: deps ## write the tables of the reference pages, such as that of the settings, from the code
	FAKEAI_WRITE_REFERENCE=1 swift test $(TEST_FLAGS) --filter ReferencePagesTests
	git diff --stat -- Sources/fakeai-images/Documentation.docc

links: ## check the links between Markdown files, and that these state the benchmarks' figures
	@python3 Tests/Docs/links.py README.md CONTRIBUTING.md CHANGELOG.md SECURITY.md Sources clients deploy
	@python3 Tests/Docs/walk.py
	@python3 Tests/Benchmarks/figures.py --check

format: ## format the sources in place
	@.ci/install-dependencies
	swift format --in-place --recursive $(SOURCES)

clean: ## remove everything that was built or installed in this directory
	rm -rf .build .build-release .build-asan .build-tsan .build-fuzz .build-deb .build-deb-* .build-image .build-machine .build-docs .build-consumer .build-compare .build-decoders .venv .venv-clients .venv-clients-* .venv-sdk .venv-browser .venv-decoders .venv-bench .venv-lint .venv-image .venv-python .venv-schemathesis Tests/.pytest_cache

deps:
	@.ci/install-dependencies $(PACKAGES)
	@.ci/check-build-trees

deps-stores: deps
	@.ci/install-dependencies $(STORE_PACKAGES)

deps-units: deps
	@.ci/install-dependencies $(UNIT_PACKAGES)

deps-test: deps
	@.ci/install-dependencies $(TEST_PACKAGES)

deps-clients: deps
	@.ci/install-dependencies $(CLIENT_PACKAGES)

deps-browser: deps
	@.ci/install-dependencies $(BROWSER_PACKAGES)

deps-decoders: deps
	@.ci/install-dependencies $(DECODER_PACKAGES)

deps-bench: deps
	@.ci/install-dependencies $(BENCH_PACKAGES)

deps-lint:
	@.ci/install-dependencies $(LINT_PACKAGES)

deps-deb: deps
	@.ci/install-dependencies $(DEB_PACKAGES)

deps-machine: deps
	@.ci/install-dependencies $(MACHINE_PACKAGES)

deps-image: deps
	@.ci/install-dependencies $(IMAGE_PACKAGES)

deps-container:
	@.ci/install-dependencies $(CONTAINER_PACKAGES)

.venv/.installed: Tests/requirements.txt | deps-test
.venv-clients/.installed: Tests/Clients/requirements.txt | deps-clients
$(foreach folder,$(CLIENT_FOLDERS),$(eval .venv-clients-$(folder)/.installed: Tests/Clients/$(folder)/requirements.txt | deps-clients))
.venv-python/.installed: clients/python/requirements.txt clients/python/pyproject.toml | deps-test
.venv-schemathesis/.installed: Tests/Schemathesis/requirements.txt | deps-test
.venv-sdk/.installed: Tests/SDK/requirements.txt | deps-test
.venv-browser/.installed: Tests/Browser/requirements.txt | deps-browser
.venv-decoders/.installed: Tests/Decoders/requirements.txt | deps-decoders
.venv-bench/.installed: Tests/Benchmarks/requirements.txt | deps-bench
.venv-lint/.installed: Tests/Lint/requirements.txt | deps-lint
.venv-image/.installed: Tests/Image/requirements.txt | deps-container
# As modules: what pip puts into bin names its interpreter in the first line, where a $ or a quote in the path of this folder does harm.
%/.installed:
	python3 -m venv $*
	$*/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
