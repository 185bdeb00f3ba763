# Pendopo: two commands are enough. `make run` starts it, `make test` proves it.

CONFIGURATION ?= Release
ARGS ?=

STAMPS := artifacts/stamps
DOTNET := dotnet
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE := 1

# The second look of each rule: what it reads. obj, bin and node_modules are products.
SOURCES := $(shell find src tests bench -type f \
  \( -name '*.cs' -o -name '*.csproj' -o -name '*.razor' -o -name '*.css' -o -name '*.resx' -o -name '*.json' \) \
  -not -path '*/bin/*' -not -path '*/obj/*' -not -path '*/node_modules/*' 2>/dev/null) \
  Directory.Build.props Directory.Packages.props .editorconfig global.json Pendopo.slnx
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/dist-proof/*' 2>/dev/null)
FIREFOX := tests/Pendopo.EndToEnd/firefox
FLOOR := artifacts/bench/floor

# npm writes this file at the end of an installation: its age is the age of node_modules.
WEB_MODULES := $(if $(wildcard web/package.json),web/node_modules/.package-lock.json)
WEB_DIST := $(if $(wildcard web/package.json),web/dist/index.html)
WEB_PROOF := $(if $(wildcard web/package.json),web/dist-proof/frames.html)
FIREFOX_MODULES := $(if $(wildcard $(FIREFOX)/package.json),$(FIREFOX)/node_modules/.package-lock.json)

.PHONY: help run test e2e bench netbench fuzz fuzz-long format contract screenshots gallery axe clean build prerequisites

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(WEB_DIST) $(STAMPS)/server-$(CONFIGURATION) ## Build everything and start the server (options: make run ARGS="--Pendopo:Http:Port=8081")
	@build/run-server $(CONFIGURATION) $(ARGS)

test: prerequisites build $(WEB_DIST) $(WEB_PROOF) $(FIREFOX_MODULES) ## Run every test: .NET, web client, real browsers
	@node build/run-tests.mjs --configuration $(CONFIGURATION)

e2e: prerequisites build $(WEB_DIST) $(WEB_PROOF) $(FIREFOX_MODULES) ## Only the tests with real browsers (ARGS="--filter Codecs" picks some)
	@node build/run-tests.mjs --configuration $(CONFIGURATION) --only Pendopo.EndToEnd $(ARGS)

screenshots: prerequisites build $(WEB_DIST) $(FIREFOX_MODULES) ## Take the pictures in docs/screenshots anew
	@PENDOPO_SCREENSHOTS=docs/screenshots node build/run-tests.mjs --configuration $(CONFIGURATION) --only Pendopo.EndToEnd --filter ScreenshotTests

axe: prerequisites $(WEB_MODULES) ## Look at every page with axe, both themes, at a desk and on a telephone (some minutes)
	@node build/run-tests.mjs --only "web (axe)"

gallery: prerequisites $(WEB_MODULES) ## Every page and the main states of the room as pictures: two languages, two themes, three sizes (FILTER=chat for some)
	cd web && PENDOPO_LANGUAGES=id,en node scripts/screenshots.mjs ../artifacts/gallery '$(FILTER)'

bench: $(FLOOR) ## Run the benchmarks (ARGS="--filter *Srtp*" or ARGS="sfu --subscribers 100 --columns pendopo,floor" for parts)
ifneq ($(firstword $(ARGS)),sfu)
	$(DOTNET) run --configuration Release --project bench/Pendopo.Benchmarks -- $(ARGS)
endif
ifneq ($(filter sfu,$(or $(firstword $(ARGS)),sfu)),)
	$(DOTNET) run --configuration Release --project bench/Pendopo.Load -- $(or $(ARGS),sfu)
endif

$(FLOOR): bench/floor/floor.c
	@mkdir -p $(@D)
	$(CC) -O2 -march=native -Wall -Wextra -Werror -o $@ $< -lcrypto

netbench: prerequisites build $(WEB_DIST) $(FIREFOX_MODULES) ## Real browsers on bad networks (ARGS="--scenario steps --browser chromium")
	@build/netns-run $(DOTNET) bench/Pendopo.NetBench/bin/$(CONFIGURATION)/net10.0/Pendopo.NetBench.dll $(ARGS)

fuzz: ## Fuzz every parser for 60 seconds each (ARGS="sdp --seconds 10 --seed 1" for one)
	$(DOTNET) run --configuration Release --project tests/Pendopo.Fuzz -- $(or $(ARGS),all)

fuzz-long: ## Fuzz every parser for 15 minutes each, as before a release (SECONDS=3600 for longer)
	$(DOTNET) run --configuration Release --project tests/Pendopo.Fuzz -- all --seconds $(or $(SECONDS),900)

format: ## Bring the code into the house's form
	$(DOTNET) format Pendopo.slnx --verbosity minimal
	@if [ -f web/package.json ]; then cd web && npm run --if-present format; fi

contract: ## Write the TypeScript types of the wire contract from the C# contract
	$(DOTNET) build tests/Pendopo.Signaling.Tests --configuration $(CONFIGURATION) --nologo --verbosity quiet
	PENDOPO_WRITE_CONTRACT=1 $(DOTNET) test tests/Pendopo.Signaling.Tests/bin/$(CONFIGURATION)/net10.0/Pendopo.Signaling.Tests.dll --nologo

clean: ## Remove everything that was built
	rm -rf artifacts web/dist web/dist-proof web/node_modules $(FIREFOX)/node_modules
	find src tests bench -type d \( -name bin -o -name obj \) -not -path '*/node_modules/*' -prune -exec rm -rf {} +

prerequisites:
	@build/install-prerequisites

build: $(STAMPS)/build-$(CONFIGURATION)

$(STAMPS)/build-$(CONFIGURATION): $(SOURCES)
	$(DOTNET) build Pendopo.slnx --configuration $(CONFIGURATION) --nologo --verbosity quiet
	@mkdir -p $(STAMPS) && touch $@ $(STAMPS)/server-$(CONFIGURATION)

$(STAMPS)/server-$(CONFIGURATION): $(filter-out tests/% bench/%,$(SOURCES))
	$(DOTNET) build src/Pendopo.Server --configuration $(CONFIGURATION) --nologo --verbosity quiet
	@mkdir -p $(STAMPS) && touch $@

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/index.html: $(WEB_MODULES) $(WEB_SOURCES)
	cd web && npm run build
	@touch $@

web/dist-proof/frames.html: $(WEB_MODULES) $(WEB_SOURCES)
	cd web && npm run build:proof
	@touch $@

$(FIREFOX)/node_modules/.package-lock.json: $(FIREFOX)/package.json $(FIREFOX)/package-lock.json
	cd $(FIREFOX) && npm ci --no-audit --no-fund
	@touch $@
