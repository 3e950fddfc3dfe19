# Sourced by golden cases after tests/golden/alliance.sh: `play PART...` takes the small deal through
# parts of its life, a block each: `closing` to 2018-12-03, `trigger` to the notice of 2018-12-12,
# `distribution` to that of 2018-12-26, `payment` to its debit.
# SPDX-License-Identifier: Apache-2.0
play_closing() {
	hand manager terms $life/deal.toml
	hand servicer snapshot $life/tape.csv
	hand servicer dilution $life/dilutions.csv
	hand custodian statement $life/statement-1.csv
	hand servicer collections ${collections:-$life/collections-1.csv}
	hand trustee close 2018-12-03
}

play_trigger() {
	hand servicer purchase $life/purchase.csv
	hand custodian statement $life/statement-2.csv
	hand servicer collections $life/collections-2.csv
	hand servicer insolvency $life/insolvency.csv
	hand manager close 2018-12-12
	hand custodian notice
	hand servicer acknowledge
}

play_distribution() {
	hand custodian statement $life/statement-3.csv
	hand servicer collections $life/collections-3.csv
	hand manager close 2018-12-25
	hand manager distribution 2018-12-26
	hand custodian distribution 2018-12-26 --approve
}

play_payment() {
	hand custodian statement $life/statement-4.csv
	hand servicer collections $life/collections-4.csv
	hand manager close 2018-12-26
}

play() {
	for part in "$@"; do
		play_$part
		seal
	done >/dev/null
}
