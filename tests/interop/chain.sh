#!/bin/sh
# Four members make three blocks with the program itself, and export them for tools of others.
# usage: chain.sh TRANCHAIN DEAL TAPE FOLDER   (writes FOLDER/c2sp and proof files)
# SPDX-License-Identifier: Apache-2.0
set -eu
tranchain=$1 deal=$2 tape=$3 folder=$4
rm -rf "$folder"; mkdir -p "$folder"; cd "$folder"
as() { member=$1; shift; "$tranchain" "$@" -C "$member.db" --key "$member.key" -q; }

members="custodian manager servicer trustee"
printf 'name = "interop"\norderer = "manager"\n' > alliance.toml
for m in $members; do
    "$tranchain" key new --no-passphrase "$m.key" -q
    "$tranchain" key new --no-passphrase "$m.recovery" -q
    case $m in
    manager) roles='"plan_manager"' ;;
    servicer) roles='"originator", "servicer", "supporter"' ;;
    *) roles="\"$m\"" ;;
    esac
    printf '[[member]]\nname = "%s"\nroles = [%s]\nkey = "%s"\nrecovery_key = "%s"\n' "$m" "$roles" \
        "$("$tranchain" key show --public "$m.key")" \
        "$("$tranchain" key show --public "$m.recovery")" >> alliance.toml
done
# One exchange of files: the manager's to each, each one's answer back to the manager.
round() {
    for m in custodian servicer trustee; do
        as manager chain export --to "$m" -o "to-$m.tcb"
        as "$m" chain import "to-$m.tcb"
        for word in "$@"; do as "$m" chain "$word" || true; done
        as "$m" chain export --to manager -o "from-$m.tcb"
    done
    for m in custodian servicer trustee; do as manager chain import "from-$m.tcb"; done
}
as manager chain init alliance.toml
round endorse
as manager anchor terms "$deal"
as manager chain propose
round ready
as manager chain endorse
round endorse
as servicer anchor snapshot "$tape"
as servicer chain export --to manager -o snapshot.tcb
as manager chain import snapshot.tcb
as manager chain propose
round ready
as manager chain endorse
round endorse
as manager chain export --c2sp c2sp
as manager chain export --tiles tiles
as manager chain export --policy -o policy
cp -r tiles tiles.entry; sed -i 's/"attempt":1/"attempt":2/' tiles.entry/tile/entries/000.p/3
cp -r tiles tiles.hash; cp tiles/tile/0/000.p/3 whole
{ head -c 32 whole; tail -c +33 whole | tr '\000-\377' '\001-\377\000'; } >tiles.hash/tile/0/000.p/3
as manager proof make --receivable R-000002 --field current_balance -o receivable.json
as manager disclose make R-000001 R-000004 --to regulator -o disclosed.json
as manager proof make --record "$(as manager chain log -f csv | grep ,terms, | cut -d, -f8)" -o terms.json
sed 's/\("name":"current_balance".*"value":"\)7/\18/' receivable.json >changed.json
