#!/bin/sh
# One simulation by one process and by the ranks of mpirun: the same bytes, or an error and no
# answer. Quiet when all is well; else says what was wrong and fails.
# usage: mpi.sh TRANCHAIN TRANCHAIN-MPI FOLDER
# SPDX-License-Identifier: Apache-2.0
set -eu
one=$1 mpi=$2 folder=$3 golden=$PWD/tests/golden
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
rm -rf "$folder"; mkdir -p "$folder"; cd "$folder"
ranks() { n=$1; shift; timeout 120 mpirun --oversubscribe --bind-to none -n "$n" "$@"; }
wrong() { echo "FAILED: mpi: $*"; cat said; exit 1; }

"$one" simulate plan "$golden/waterfall/terms.toml" --pool "$golden/waterfall/tape.csv" \
    --model "$golden/simulate/model.toml" --paths 80 --seed 7 -o plan.json -q
"$one" simulate run plan.json --json >whole
for n in 1 2 3; do
    ranks $n "$mpi" simulate run plan.json --json >answer 2>said || wrong "$n ranks failed"
    cmp -s whole answer || wrong "$n ranks have another answer"
done
ranks 2 "$mpi" simulate run plan.json --threads 2 --json >answer 2>said || wrong "threads failed"
cmp -s whole answer || wrong "ranks with two threads have another answer"

# Weighted paths, three chunks each way.
"$one" simulate plan "$golden/waterfall/terms.toml" --pool "$golden/waterfall/tape.csv" \
    --model "$golden/simulate/model.toml" --paths 96 --sampling importance --seed 7 -o strata.json -q
"$one" simulate run strata.json --json >whole
ranks 2 "$mpi" simulate run strata.json --json >answer 2>said || wrong "weighted paths failed"
cmp -s whole answer || wrong "ranks have another answer for weighted paths"

# A rank that is killed before it has sent its sums ends the run; nothing is answered.
if ranks 2 sh -c 'if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then exec timeout -s KILL 0.05 "$@"; fi; exec "$@"' \
    sh "$mpi" simulate run plan.json --json >answer 2>said; then wrong "a killed rank was not missed"; fi
[ ! -s answer ] || wrong "an answer without the killed rank's paths"

# What is wrong with the input is said once.
if ranks 2 "$mpi" simulate run no.json >answer 2>said; then wrong "a plan that is not there"; fi
[ "$(grep -c 'no.json' said)" = 1 ] || wrong "a missing plan should be named once"
if ranks 2 "$mpi" simulate rnu plan.json >answer 2>said; then wrong "a verb that is not there"; fi
[ "$(grep -c "did you mean 'simulate run'" said)" = 1 ] || wrong "a typo should be answered once"
