# Sourced by golden cases: authorities of RFC 3161, offline. `authority NAME [DIGESTS]` makes a root
# NAME.pem and its stamping certificate; `stamp NAME REQUEST RESPONSE` answers a request as it.
# `plain` signs what tip.tsr stamps again, to plain.tsr, by a certificate of acme that is not for time
# stamping; openssl ts refuses to.
# SPDX-License-Identifier: Apache-2.0
authority() {
	name=$1
	openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.pem -days 3650 -subj "/CN=$name root" 2>/dev/null
	openssl req -new -newkey rsa:2048 -nodes -keyout $name-tsa.key -out $name.csr -subj "/CN=$name stamps" 2>/dev/null
	echo "extendedKeyUsage = critical, timeStamping" >usage
	openssl x509 -req -in $name.csr -CA $name.pem -CAkey $name.key -CAcreateserial -days 3650 -extfile usage \
		-out $name-tsa.pem 2>/dev/null
	printf '[tsa]\ndefault_tsa = one\n[one]\nserial = %s.serial\ndefault_policy = 1.2.3.4.1\ndigests = %s\nsigner_digest = sha256\ness_cert_id_alg = sha256\naccuracy = secs:1\n' \
		$name "${2:-sha1, sha256}" >$name.cnf
}

stamp() {
	openssl ts -reply -config $1.cnf -queryfile $2 -inkey $1-tsa.key -signer $1-tsa.pem -out $3 2>/dev/null
}

plain() {
	openssl req -new -newkey rsa:2048 -nodes -keyout plain.key -out plain.csr -subj "/CN=acme mail" 2>/dev/null
	openssl x509 -req -in plain.csr -CA acme.pem -CAkey acme.key -CAcreateserial -days 3650 -out plain.pem 2>/dev/null
	openssl ts -reply -in tip.tsr -token_out -out tip.token 2>/dev/null
	openssl cms -verify -noverify -inform DER -in tip.token -out tip.info 2>/dev/null
	openssl cms -sign -binary -nodetach -cades -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 -outform DER \
		-signer plain.pem -inkey plain.key -in tip.info -out plain.token 2>/dev/null
	openssl ts -reply -in plain.token -token_in -out plain.tsr 2>/dev/null
}
