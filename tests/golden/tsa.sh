# Sourced by golden cases: authorities of RFC 3161, offline. `authority NAME [DIGESTS]` makes a root
# NAME.pem and its stamping certificate; `stamp NAME REQUEST RESPONSE` answers a request as it.
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
