// Timestamp: RFC 3161, a stranger's word on when a checkpoint was there.
//
// The imprint is the SHA-256 of a checkpoint's text (origin, size, root), which every copy holds,
// so one stamp dates every block up to it. A request is written, a response checked, both as files:
// the program opens no connection. OpenSSL does the work.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/digest.hpp"
#include "data/error.hpp"

namespace tranchain {

/// DER of a TimeStampReq: version 1, SHA-256, certificates wanted, no nonce and no policy, so that
/// the same imprint gives the same bytes.
std::string timestamp_request(const Hash& imprint);

struct Timestamp {
    Hash imprint{};        ///< SHA-256 that was stamped
    std::int64_t time = 0; ///< genTime in UTC seconds, fractions cut
    std::string policy;    ///< OID of the authority's policy
    std::string serial;    ///< of the token, upper-case hex
    std::string authority; ///< subject of the certificate that signed, RFC 2253
};

/// Of a TimeStampResp that grants a token over SHA-256. Errors, id `bad-timestamp`: not exactly one
/// DER response, refused by the authority (with its words), another hash.
[[nodiscard]] Result<Timestamp> read_timestamp(std::string_view response);

/// The same, and its token is signed over its imprint by a certificate for time stamping which one
/// of the PEM certificates `ca` vouches for. Certificates are judged at the time that is stamped,
/// never by today's clock; revocation is not looked at. Errors, id `bad-timestamp`: what OpenSSL
/// says.
[[nodiscard]] Result<Timestamp> check_timestamp(std::string_view response, std::string_view ca);

} // namespace tranchain
