# Builds, tests and installs Earshot on Debian. `make` alone says what there is.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr
SYSCONFDIR ?= /etc
DESTDIR ?=
CONFIG ?= /etc/earshot/earshot.yaml

# What the build links against, and what the tests run beside it.
BUILD_PACKAGES := libcurl4-openssl-dev libc-ares-dev libdeflate-dev libbrotli-dev libzstd-dev libpsl-dev \
    libxml2-dev libsqlite3-dev zlib1g-dev
TEST_PACKAGES := nginx-light
# Foundation's time zones, libcurl's certificates and libpsl's list of suffixes, on a machine that has nothing.
RUN_PACKAGES := tzdata ca-certificates publicsuffix

# Each keeps its place, so that the links between them hold.
DOCUMENTATION := README.md CHANGELOG.md SECURITY.md LICENSE Config/schemas/*.json Config/engines/README.md \
    Sources/Alerting/Formats/Formats.md Sources/Alerting/Routing/Routes.md Sources/Matching/QueryLanguage.md \
    Sources/Monitoring/Rhythm.md Sources/Monitoring/Rhythm.svg

BINARY := .build/release/earshot
RELEASE := -c release --product earshot --static-swift-stdlib

.PHONY: help build test lint demo run install clean packages test-packages

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

build: packages ## build the release binary, .build/release/earshot
	swift build $(RELEASE)

demo: build ## watch mentions being found and delivered on a small web of its own
	$(BINARY) demo $(DEMO)

run: build ## run the daemon: make run CONFIG=my.yaml
	$(BINARY) run --config $(CONFIG)

test: packages test-packages ## run every test
	swift build --build-tests
	swift test --skip-build --no-parallel

lint: ## check the code's format
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

# The configuration is installed once; an edited one is never touched.
install: ## install all of it, with the example configuration; DESTDIR and PREFIX are heeded
	@test -x $(BINARY) || { echo "run 'make build' first" >&2; exit 1; }
	install -D -m 0755 --strip $(BINARY) $(DESTDIR)$(PREFIX)/bin/earshot
	@for page in $(DOCUMENTATION); do \
	    install -D -m 0644 $$page $(DESTDIR)$(PREFIX)/share/doc/earshot/$$page; \
	done
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/bin/earshot|$(PREFIX)/bin/earshot|; s|/etc/earshot|$(SYSCONFDIR)/earshot|' systemd/earshot.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/earshot.service
	chmod 0644 $(DESTDIR)$(PREFIX)/lib/systemd/system/earshot.service
	install -D -m 0644 systemd/earshot.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/earshot.conf
	install -D -m 0644 systemd/earshot.logrotate $(DESTDIR)$(SYSCONFDIR)/logrotate.d/earshot
	install -d -m 0750 $(DESTDIR)$(SYSCONFDIR)/earshot
	test -e $(DESTDIR)$(SYSCONFDIR)/earshot/earshot.yaml || \
	    (umask 0027 && sed 's|^# state: |state: |' Config/earshot.yaml > $(DESTDIR)$(SYSCONFDIR)/earshot/earshot.yaml)
ifeq ($(DESTDIR),)
	systemd-sysusers $(PREFIX)/lib/sysusers.d/earshot.conf
	chgrp -R earshot $(SYSCONFDIR)/earshot
	if test -d /run/systemd/system; then systemctl daemon-reload; fi
	@echo "Edit $(SYSCONFDIR)/earshot/earshot.yaml, then: systemctl enable --now earshot"
endif

clean: ## remove what was built
	swift package clean

packages:
	@$(call install-packages,$(BUILD_PACKAGES) $(RUN_PACKAGES))

test-packages:
	@$(call install-packages,$(TEST_PACKAGES))

# Installs what is missing, and says what that is.
define install-packages
missing=; \
for package in $(1); do \
    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -n "$$missing" ]; then \
    echo "Installing the Debian packages that are missing:$$missing"; \
    root=; if [ "$$(id -u)" != 0 ]; then root=sudo; fi; \
    $$root apt-get update -qq; \
    DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq --no-install-recommends $$missing; \
fi
endef
