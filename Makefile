# tranchain: build, test and install.
#
#   make demo            install what is missing, build, play the whole story
#   make check           install what is missing, build, run every test   (T=suite/case runs one)
#   make                 build only: build/release/tranchain
#   make check MODE=asan the same tests under address and undefined sanitizers (also: debug, coverage)
#   make interop         a Go program made of others' tools checks our proofs (installs golang-go)
#   make torture         everything long; TORTURE=10 runs a tenth, SEED=n chooses which
#   make bench           speed against named rivals, build/bench.json; QUICK=1 only proves that it works
#   make lint layers format install uninstall clean
#
# One Makefile, no recursion: each target sees the whole dependency graph.

MAKEFLAGS += --no-builtin-rules -j$(shell nproc)
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

NAME    := tranchain
VERSION := 0.1.0
PREFIX  ?= /usr/local
DESTDIR ?=
MODE    ?= release
BUILD   := build/$(MODE)

# ---- flags -----------------------------------------------------------------
CXX      := $(if $(filter default undefined,$(origin CXX)),g++,$(CXX))
STD      := -std=c++20
WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast \
            -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2
REPRO    ?= -ffp-contract=off -ffile-prefix-map=$(CURDIR)=.
HARDEN   := -fstack-protector-strong -D_GLIBCXX_ASSERTIONS -fPIE
FLAGS_release  := -O2 -D_FORTIFY_SOURCE=2
FLAGS_debug    := -O0 -g
# What a null pointer does, the address sanitizer shows too; the checks left out are 40% of compiling.
FLAGS_asan     := -Og -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
                  -fno-sanitize=null,alignment,object-size,vptr
FLAGS_coverage := -O0 -g --coverage -fprofile-update=atomic
$(if $(FLAGS_$(MODE)),,$(error MODE=$(MODE) is not one of release debug asan coverage))
CPPFLAGS += -I. -I$(BUILD) -DTRANCHAIN_VERSION='"$(VERSION)"' -DBOOST_TEST_DYN_LINK -DTOML_HEADER_ONLY=0
CXXFLAGS += $(STD) $(WARN) $(REPRO) $(HARDEN) $(FLAGS_$(MODE))
LDFLAGS  += $(FLAGS_$(MODE)) -pie -Wl,-z,relro,-z,now -Wl,--as-needed
# The tests themselves are compiled once for all modes: what they test is what the mode is about.
TESTFLAGS := $(STD) $(WARN) $(REPRO) $(HARDEN) -O0 -g1
# Static QuantLib starts in 3 ms rather than 16; QUANTLIB=shared undoes it.
QUANTLIB ?= $(if $(filter release,$(MODE)),static,shared)
, := ,
LDLIBS   := -lfmt $(if $(filter static,$(QUANTLIB)),-Wl$(,)-Bstatic -lQuantLib -Wl$(,)-Bdynamic,-lQuantLib) \
            -lcrypto -lsqlite3 -ltomlplusplus -lcsv -lsmartcols -larchive -lpugixml -lxlsxwriter -lminizip

# ---- sources ---------------------------------------------------------------
LIB_SRC  := $(sort $(shell find data waterfall chain -name '*.cpp'))
CMD_SRC  := $(sort $(wildcard cmd/*.cpp))
# The adapter between the wings lives in cmd/ and is linked by the tests too.
CMD_LIB  := $(filter-out cmd/main.cpp cmd/mpi.cpp,$(CMD_SRC))
TEST_SRC := $(sort $(wildcard tests/*.cpp))
MAN_SRC  := $(sort $(wildcard man/*.[157]))
obj       = $(patsubst %.cpp,$(BUILD)/%.o,$(1))
# Most of compiling is reading headers, so twelve files of a folder are read as one. With UNITY= each is
# compiled by itself, as debug does, where a forgotten include shows. So a name in an unnamed namespace
# is that of its folder: two functions of one name could take each other's calls. Tests are read six
# at a time; what a file of tests needs for itself stands within its suite.
UNITY    ?= $(if $(filter debug,$(MODE)),,12)
LIB_UNIT := $(if $(UNITY),$(shell sh .ci/unity $(BUILD)/unity $(UNITY) $(LIB_SRC) $(CMD_LIB)))
LIB_OBJ  := $(if $(UNITY),$(LIB_UNIT:.cpp=.o),$(call obj,$(LIB_SRC) $(CMD_LIB)))
TEST_UNIT := $(if $(UNITY),$(shell sh .ci/unity build/tests/unity 6 $(filter-out tests/main.cpp,$(TEST_SRC))))
TEST_OBJ := $(if $(UNITY),build/tests/main.o $(TEST_UNIT:.cpp=.o),$(patsubst %.cpp,build/%.o,$(TEST_SRC)))
LIB      := $(BUILD)/lib$(NAME).a
BIN      := $(BUILD)/$(NAME)
TESTS    := $(BUILD)/run_tests
MPI      := $(BUILD)/$(NAME)-mpi
EMBED    := $(patsubst %,$(BUILD)/embed/%.inc,data/calendar/china.csv data/deal/jdht-2018-6.toml)

.PHONY: all tests check demo interop torture bench lint layers format install uninstall clean deps mpi-deps
all: $(BIN) $(if $(shell command -v mpicxx),$(MPI))
tests: $(TESTS) $(BIN)

$(BIN): $(call obj,cmd/main.cpp) $(LIB)
	@echo "link $@"
	@$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@
$(MPI): $(call obj,cmd/mpi.cpp) $(LIB)
	@echo "link $@"
	@$(CXX) $(LDFLAGS) $^ $(LDLIBS) $$(mpicxx --showme:link) -o $@
$(BUILD)/cmd/mpi.o: | mpi-deps
$(BUILD)/cmd/mpi.o: CXXFLAGS += $$(mpicxx --showme:compile | sed 's/-I/-isystem /g')
$(LIB): $(LIB_OBJ)
	@rm -f $@
	@ar rcs $@ $^
# The library first and whole, so that what is inline in both comes from the mode's own objects.
$(TESTS): $(TEST_OBJ) $(LIB)
	@echo "link $@"
	@$(CXX) $(LDFLAGS) -Wl,--whole-archive $(LIB) -Wl,--no-whole-archive $(TEST_OBJ) $(LDLIBS) -lboost_unit_test_framework -lrapidcheck -o $@

# Objects wait for the packages, but are not rebuilt when the stamp is.
$(BUILD)/%.o: %.cpp | deps $(EMBED)
	@mkdir -p $(@D)
	@echo "c++ $<"
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@
$(BUILD)/unity/%.o: $(BUILD)/unity/%.cpp | deps $(EMBED)
	@echo "c++ $$(sed -n 's/#include "\(.*\)"/\1/p' $< | tr '\n' ' ')"
	@$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c $< -o $@
build/tests/%.o: tests/%.cpp | deps
	@mkdir -p $(@D)
	@echo "c++ $<"
	@$(CXX) $(CPPFLAGS) $(TESTFLAGS) -MMD -MP -c $< -o $@
build/tests/unity/%.o: build/tests/unity/%.cpp | deps
	@echo "c++ $$(sed -n 's/#include "\(.*\)"/\1/p' $< | tr '\n' ' ')"
	@$(CXX) $(CPPFLAGS) $(TESTFLAGS) -MMD -MP -c $< -o $@
# Shipped files that the program needs at run time are part of it, as string literals.
$(BUILD)/embed/%.inc: %
	@mkdir -p $(@D)
	@{ printf 'R"embed('; cat $<; printf ')embed"\n'; } > $@
-include $(patsubst %.o,%.d,$(LIB_OBJ) $(TEST_OBJ) $(call obj,cmd/main.cpp cmd/mpi.cpp))

# ---- packages --------------------------------------------------------------
# .ci/packages says what is missing, then installs it; it costs nothing when all is there.
deps:
	@sh .ci/packages build
mpi-deps: deps
	@sh .ci/packages mpi

# ---- checks ----------------------------------------------------------------
check: tests layers
	TRANCHAIN_JOBS=$(shell nproc) TRANCHAIN_MODE=$(MODE) TRANCHAIN=$(BIN) $(TESTS) $(foreach t,$(T),--run_test='$(t)') --color_output=no

# An include that breaks the direction cmd -> {waterfall, chain} -> data is an error; so is floating
# point where members must agree.
layers:
	@! grep -rnE '^#include "(cmd|chain)/' waterfall --include=*.?pp
	@! grep -rnE '^#include ("(cmd|waterfall)/|<ql/)' chain --include=*.?pp
	@! grep -rnE '^#include ("(cmd|waterfall|chain)/|<ql/)' data --include=*.?pp
	@! grep -rnE '^#include (<ql/|<cmath>|"waterfall/(schedule|desk)/)|\b(double|float)\b' waterfall/exact --include=*.?pp
	@! grep -rnE '\b(double|float)\b' data chain --include=*.?pp
	@! grep -rnE '^#include <(CLI|ql)/' cmd --include=*.?pp | grep -v '^cmd/cli.cpp:'
	@! grep -rnE '^#include <ql/quantlib.hpp>' . --include=*.?pp
	@! grep -rnE '^#include <openssl/' cmd waterfall data chain --include=*.?pp | grep -vE '^(data/digest|chain/key|chain/timestamp)\.cpp:'
	@! grep -rnE '^#include <sqlite3' cmd waterfall data chain --include=*.?pp | grep -v '^data/database.cpp:'

# ---- interop ---------------------------------------------------------------
# Go, with the libraries of its checksum database, judges what we export. Nothing is downloaded.
INTEROP := $(BUILD)/interop
# MPI runs a simulation on its ranks; the answer has to be the one of one process.
interop: $(LIB) $(BIN) $(MPI)
	@sh .ci/packages interop
	@mkdir -p $(INTEROP)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) tests/interop/export.cpp $(LIB) $(LDFLAGS) $(LDLIBS) -o $(INTEROP)/export
	GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode GOCACHE=$(CURDIR)/$(INTEROP)/cache \
	    go build -o $(INTEROP)/check tests/interop/check.go
	$(INTEROP)/export $(INTEROP)
	@sh tests/interop/chain.sh $(CURDIR)/$(BIN) $(CURDIR)/data/deal/jdht-2018-6.toml \
	    $(CURDIR)/tests/golden/waterfall/tape.csv $(INTEROP)/chain >$(INTEROP)/log
	@sh tests/interop/mpi.sh $(CURDIR)/$(BIN) $(CURDIR)/$(MPI) $(INTEROP)/mpi
	@sh tests/interop/charts.sh $(CURDIR)/$(BIN) $(INTEROP)/charts
	@sh tests/interop/run.sh $(CURDIR)/$(INTEROP)/check $(INTEROP) $(CURDIR)/$(INTEROP)/chain

lint: layers
	clang-format --dry-run -Werror $(shell find data waterfall chain cmd tests -name '*.?pp')
	clang-tidy --quiet $(LIB_SRC) $(CMD_LIB) cmd/main.cpp -- $(STD) -I. -DTOML_HEADER_ONLY=0
	$(if $(MAN_SRC),mandoc -T lint -W warning $(MAN_SRC))
format:
	clang-format -i $(shell find data waterfall chain cmd tests -name '*.?pp')

# ---- the main job, end to end ------------------------------------------------
demo: $(BIN)
	@TRANCHAIN=$(CURDIR)/$(BIN) bash tests/story.sh $(STORY)

# ---- long runs and speed -----------------------------------------------------
# The tests labelled slow that draw something, and the mutations, ten times over unless TORTURE=10; SEED
# chooses what they draw.
TORTURE ?= 1
SEED ?= 1
torture: tests
	TRANCHAIN_JOBS=$(shell nproc) TRANCHAIN_TORTURE=$(if $(filter 10,$(TORTURE)),1,10) TRANCHAIN_SEED=$(SEED) TRANCHAIN=$(BIN) \
	    $(TESTS) --run_test='@slow' --run_test=mutation_tests \
	    --run_test='!story_tests' --run_test='!drift_tests' --run_test='!golden' --color_output=no
$(BUILD)/bench_engine: $(call obj,tests/bench/engine.cpp) $(LIB)
	@echo "link $@"
	@$(CXX) $(LDFLAGS) $^ $(LDLIBS) -o $@
bench: $(BIN) $(BUILD)/bench_engine
	@sh .ci/packages bench
	@TRANCHAIN=$(BIN) /usr/bin/python3 -B tests/bench.py $(if $(QUICK),--quick) build/bench.json

# ---- install ---------------------------------------------------------------
install: all
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/$(NAME)
	$(if $(wildcard $(MPI)),install -D -m 755 $(MPI) $(DESTDIR)$(PREFIX)/bin/$(NAME)-mpi)
	$(foreach m,$(MAN_SRC),install -D -m 644 $(m) $(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(m)))/$(notdir $(m)) &&) true
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BIN) completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$(NAME)
	$(BIN) completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_$(NAME)
	$(BIN) completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$(NAME).fish
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/$(NAME) $(DESTDIR)$(PREFIX)/bin/$(NAME)-mpi \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$(NAME) \
	    $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_$(NAME) \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$(NAME).fish \
	    $(foreach m,$(MAN_SRC),$(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(m)))/$(notdir $(m)))

clean:
	rm -rf build
