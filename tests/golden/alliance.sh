# Sourced by golden cases: an alliance of four members with fixed keys, clock and random source.
# `alliance` makes keys and alliance.toml; `found` takes block 0 to final at all four; `give A B`
# carries what A has to B; `hand WHO VERB ARG...` submits a record and posts it to the others; `seal`
# takes what was submitted to a final block everywhere.
# SPDX-License-Identifier: Apache-2.0
export TRANCHAIN_TEST_TIME=1541635200 TRANCHAIN_TEST_RANDOM=golden
all='manager custodian servicer trustee'

alliance() {
	{
		echo 'name = "jdht"'
		echo 'orderer = "manager"'
		echo "succession = [${succession:-\"manager\", \"custodian\", \"trustee\", \"servicer\"}]"
	} >alliance.toml
	n=1
	for m in $all; do
		printf '%064d\n' $n >seed
		tranchain key new $m.key --no-passphrase --seed-file seed >/dev/null
		printf '%064d\n' $((n + 100)) >seed
		tranchain key new recovery.key --no-passphrase --seed-file seed >/dev/null
		case $m in
		manager) roles='"plan_manager"' ;;
		servicer) roles='"originator", "servicer", "supporter"' ;;
		*) roles="\"$m\"" ;;
		esac
		printf '[[member]]\nname = "%s"\nroles = [%s]\nkey = "%s"\nrecovery_key = "%s"\n' $m "$roles" \
			"$(tranchain key show $m.key --public)" "$(tranchain key show recovery.key --public)" >>alliance.toml
		rm seed recovery.key
		n=$((n + 1))
	done
}

member() { # runs a command as a member
	who=$1
	shift
	tranchain "$@" -C $who.db --key $who.key
}

give() {
	tranchain chain export -q -C $1.db --to $2 -o give.tcb && member $2 chain import give.tcb >/dev/null
}

others() { # all but the orderer
	for one in $all; do [ $one = manager ] || echo $one; done
}

found() {
	member manager chain init alliance.toml >/dev/null
	for m in $(others); do
		give manager $m
		member $m chain endorse >/dev/null
		give $m manager
	done
	for m in $(others); do give manager $m; done
}

life=tests/golden/life
hand() {
	by=$1
	shift
	member $by anchor "$@" --file mail.sub --json >said || return
	jq -r '"\(.result) by '$by': \(.type)\(if .author == "" then "" else " \(.seq) of \(.author)" end), " +
		"\(.rows) rows, unsigned: \(.unsigned | join(" "))"' said
	for m in $all; do [ $m = $by ] || member $m chain import mail.sub >/dev/null; done
}

seal() {
	member manager chain propose >/dev/null
	for m in $(others); do
		give manager $m
		member $m chain ready >/dev/null
		give $m manager
	done
	member manager chain endorse >/dev/null
	for m in $(others); do
		give manager $m
		member $m chain endorse >/dev/null 2>&1 || : # the last one finds the block final
		give $m manager
	done
	for m in $(others); do give manager $m; done
}
