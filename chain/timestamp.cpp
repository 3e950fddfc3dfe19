// Timestamp: requests and responses of RFC 3161 through OpenSSL.
// SPDX-License-Identifier: Apache-2.0
#include "chain/timestamp.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include "data/assert.hpp"
#include "data/attempt.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* object) const
    {
        Free(object);
    }
};
using Request = std::unique_ptr<TS_REQ, Freed<TS_REQ_free>>;
using Response = std::unique_ptr<TS_RESP, Freed<TS_RESP_free>>;
using TrustStore = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

tl::unexpected<Error> unstamped(std::string message, std::string hint = {})
{
    ERR_clear_error();
    return tl::make_unexpected(
        Error{Code::answer_no, std::move(message), {}, std::move(hint), "bad-timestamp"});
}

/// OpenSSL's newest reason, such as `message imprint mismatch`, and what it adds to it.
std::string openssl_reason()
{
    const char* more = nullptr;
    int flags = 0;
    const char* reason = ERR_reason_error_string(ERR_peek_last_error_data(&more, &flags));
    std::string text = reason ? reason : "no reason given";
    if ((flags & ERR_TXT_STRING) != 0 && more != nullptr && *more != '\0' && is_signable_text(more))
        text += fmt::format(" ({})", more);
    return text;
}

Memory memory_of(std::string_view bytes)
{
    Memory memory(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    invariant(memory != nullptr);
    return memory;
}

std::string text_of(BIO* memory)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<Response> parse_response(std::string_view bytes)
{
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* const end = at + bytes.size();
    Response response(d2i_TS_RESP(nullptr, &at, static_cast<long>(bytes.size())));
    if (!response || at != end)
        return unstamped("it is not one whole time-stamp response",
                         "what the authority sends is DER, of type application/timestamp-reply");
    return response;
}

/// PKIFailureInfo of RFC 3161.
constexpr std::pair<int, const char*> failures[]{
    {TS_INFO_BAD_ALG, "badAlg"},
    {TS_INFO_BAD_REQUEST, "badRequest"},
    {TS_INFO_BAD_DATA_FORMAT, "badDataFormat"},
    {TS_INFO_TIME_NOT_AVAILABLE, "timeNotAvailable"},
    {TS_INFO_UNACCEPTED_POLICY, "unacceptedPolicy"},
    {TS_INFO_UNACCEPTED_EXTENSION, "unacceptedExtension"},
    {TS_INFO_ADD_INFO_NOT_AVAILABLE, "addInfoNotAvailable"},
    {TS_INFO_SYSTEM_FAILURE, "systemFailure"}};

/// Nothing if it is no plain text: nobody has signed it, and it goes to a terminal.
std::optional<std::string> plain_text(const ASN1_UTF8STRING* text)
{
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, text);
    if (size < 0) return std::nullopt;
    std::string plain(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    if (plain.size() > 400 || !is_signable_text(plain)) return std::nullopt;
    return plain;
}

/// What the authority says where it grants nothing.
std::string refusal_words(TS_STATUS_INFO* status)
{
    std::string words =
        fmt::format("status {}", ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status)));
    if (const ASN1_BIT_STRING* const bits = TS_STATUS_INFO_get0_failure_info(status))
        for (const auto& [bit, name] : failures)
            if (ASN1_BIT_STRING_get_bit(bits, bit) == 1) words += fmt::format(", {}", name);
    const STACK_OF(ASN1_UTF8STRING)* const texts = TS_STATUS_INFO_get0_text(status);
    for (int i = 0; texts != nullptr && i < sk_ASN1_UTF8STRING_num(texts); ++i) {
        const auto text = plain_text(sk_ASN1_UTF8STRING_value(texts, i));
        words +=
            text ? fmt::format(", '{}'", *text) : std::string(", and words that are no plain text");
    }
    return words;
}

std::string serial_text(const ASN1_INTEGER* serial)
{
    const std::unique_ptr<BIGNUM, Freed<BN_free>> number(ASN1_INTEGER_to_BN(serial, nullptr));
    if (!number) return {};
    char* digits = BN_bn2hex(number.get());
    std::string text = digits ? digits : "";
    OPENSSL_free(digits);
    return text;
}

/// Empty where the token brings no certificate.
std::string subject_of_signer(PKCS7* token)
{
    STACK_OF(X509)* const signers = PKCS7_get0_signers(token, nullptr, 0);
    if (signers == nullptr) return {};
    const Memory memory(BIO_new(BIO_s_mem()));
    invariant(memory != nullptr);
    if (sk_X509_num(signers) > 0)
        X509_NAME_print_ex(memory.get(), X509_get_subject_name(sk_X509_value(signers, 0)), 0,
                           XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    sk_X509_free(signers);
    return text_of(memory.get());
}

Result<Timestamp> describe_token(TS_RESP* response)
{
    TS_STATUS_INFO* const status = TS_RESP_get_status_info(response);
    const long granted = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
    TS_TST_INFO* const info = TS_RESP_get_tst_info(response);
    PKCS7* const token = TS_RESP_get_token(response);
    if ((granted != TS_STATUS_GRANTED && granted != TS_STATUS_GRANTED_WITH_MODS) || !info || !token)
        return unstamped("the authority granted no token: " + refusal_words(status));
    TS_MSG_IMPRINT* const imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OCTET_STRING* const stamped = TS_MSG_IMPRINT_get_msg(imprint);
    Timestamp stamp;
    if (OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm) != NID_sha256 ||
        ASN1_STRING_length(stamped) != static_cast<int>(stamp.imprint.size()))
        return unstamped("what it stamps is no SHA-256");
    const unsigned char* const bytes = ASN1_STRING_get0_data(stamped);
    std::copy(bytes, bytes + stamp.imprint.size(), stamp.imprint.begin());
    std::tm when{};
    if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &when) != 1)
        return unstamped("its time is no time");
    stamp.time = timegm(&when);
    std::array<char, 128> oid{};
    OBJ_obj2txt(oid.data(), static_cast<int>(oid.size()), TS_TST_INFO_get_policy_id(info), 1);
    stamp.policy = oid.data();
    stamp.serial = serial_text(TS_TST_INFO_get_serial(info));
    stamp.authority = subject_of_signer(token);
    return stamp;
}

/// Never asks at the terminal: a certificate is no secret.
int no_passphrase(char*, int, int, void*)
{
    return -1;
}

tl::unexpected<Error> unreadable(int number)
{
    const std::string reason = openssl_reason();
    ERR_clear_error();
    return fail(Code::invalid_input,
                fmt::format("certificate {} cannot be read: {}", number, reason), {},
                "each is whole, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----");
}

/// A store that trusts these certificates, at this time.
Result<TrustStore> trust(std::string_view ca, std::int64_t time)
{
    TrustStore store(X509_STORE_new());
    invariant(store != nullptr);
    const Memory memory = memory_of(ca);
    int count = 0;
    for (;;) {
        const std::unique_ptr<X509, Freed<X509_free>> certificate(
            PEM_read_bio_X509(memory.get(), nullptr, no_passphrase, nullptr));
        if (!certificate) break;
        if (X509_STORE_add_cert(store.get(), certificate.get()) != 1) return unreadable(count + 1);
        ++count;
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return unreadable(count + 1);
    ERR_clear_error();
    if (count == 0)
        return fail(Code::invalid_input, "there is no certificate in PEM", {},
                    "it begins with -----BEGIN CERTIFICATE-----");
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()), time);
    return store;
}

} // namespace

std::string timestamp_request(const Hash& imprint)
{
    const Request request(TS_REQ_new());
    const std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT_free>> what(TS_MSG_IMPRINT_new());
    const std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>> algorithm(X509_ALGOR_new());
    invariant(request && what && algorithm);
    X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
    Hash copy = imprint; // OpenSSL asks for a pointer it may write to, and does not
    const bool made =
        TS_REQ_set_version(request.get(), 1) == 1 &&
        TS_MSG_IMPRINT_set_algo(what.get(), algorithm.get()) == 1 &&
        TS_MSG_IMPRINT_set_msg(what.get(), copy.data(), static_cast<int>(copy.size())) == 1 &&
        TS_REQ_set_msg_imprint(request.get(), what.get()) == 1 &&
        TS_REQ_set_cert_req(request.get(), 1) == 1;
    invariant(made);
    unsigned char* der = nullptr;
    const int size = i2d_TS_REQ(request.get(), &der);
    invariant(size > 0);
    std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
}

Result<Timestamp> read_timestamp(std::string_view response)
{
    TRANCHAIN_TRY(const Response parsed, parse_response(response));
    return describe_token(parsed.get());
}

Result<Timestamp> check_timestamp(std::string_view response, std::string_view ca)
{
    TRANCHAIN_TRY(const Response parsed, parse_response(response));
    TRANCHAIN_TRY(Timestamp stamp, describe_token(parsed.get()));
    TRANCHAIN_TRY(TrustStore store, trust(ca, stamp.time));
    const std::unique_ptr<TS_VERIFY_CTX, Freed<TS_VERIFY_CTX_free>> context(TS_VERIFY_CTX_new());
    invariant(context != nullptr);
    TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT);
    TS_VERIFY_CTX_set_store(context.get(), store.release());
    auto* const imprint = static_cast<unsigned char*>(OPENSSL_memdup(stamp.imprint.data(), 32));
    TS_VERIFY_CTX_set_imprint(context.get(), imprint, 32);
    if (TS_RESP_verify_response(context.get(), parsed.get()) != 1)
        return unstamped("its signature does not hold: " + openssl_reason(),
                         "the certificate of the authority's root goes with --ca");
    return stamp;
}

} // namespace tranchain
