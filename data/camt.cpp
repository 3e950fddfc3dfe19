// Camt: bank statements of ISO 20022, camt.052 (report), .053 (statement), .054 (notification).
//
// Elements are found by their local names, so every version and every prefix reads. A document type
// is refused before anything else: entities have no place in a statement. (pugixml.)
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "data/statement.hpp"
#include "data/text.hpp"

namespace tranchain {

namespace {

using Node = pugi::xml_node;

struct CamtKind {
    std::string_view root, part, name;
};
constexpr std::array<CamtKind, 3> camt_kinds{{{"BkToCstmrAcctRpt", "Rpt", "camt.052"},
                                              {"BkToCstmrStmt", "Stmt", "camt.053"},
                                              {"BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt.054"}}};

std::string_view local_name(Node node)
{
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == name.npos ? name : name.substr(colon + 1);
}

/// The first element under `node` along `path`, such as "Acct/Id/IBAN"; null if there is none.
Node child(Node node, std::string_view path)
{
    for (const std::string_view step : split(path, '/')) {
        Node found;
        for (Node c : node.children()) {
            if (c.type() == pugi::node_element && local_name(c) == step) {
                found = c;
                break;
            }
        }
        node = found;
        if (!node) break;
    }
    return node;
}

std::vector<Node> children(Node node, std::string_view name)
{
    std::vector<Node> found;
    for (Node c : node.children())
        if (c.type() == pugi::node_element && local_name(c) == name) found.push_back(c);
    return found;
}

std::string value(Node node, std::string_view path = {})
{
    if (!path.empty()) node = child(node, path);
    return one_line(node.child_value());
}

/// The first of several elements that has a value.
std::string first_value(Node node, std::initializer_list<std::string_view> paths)
{
    for (const std::string_view path : paths)
        if (std::string text = value(node, path); !text.empty()) return text;
    return {};
}

class CamtReader {
public:
    CamtReader(std::string_view text, const std::string& file) : file_(file)
    {
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == '\n') breaks_.push_back(i);
    }

    BankStatement read(Node part, const std::string& format)
    {
        BankStatement s;
        s.where = at(part);
        s.format = format;
        s.id = value(part, "Id");
        s.number = number(part, "ElctrncSeqNb");
        if (s.number == 0) s.number = number(part, "LglSeqNb");
        s.page = number(part, "StmtPgntn/PgNb");
        if (s.page == 0) s.page = number(part, "RptPgntn/PgNb");
        s.account = first_value(part, {"Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/BBAN",
                                       "Acct/Id/PrtryAcct/Id", "Acct/Id/UPIC"});
        if (s.account.empty())
            complain(part, "the statement names no account", "Acct/Id is required");
        s.currency = value(part, "Acct/Ccy");
        if (child(part, "FrToDt")) {
            s.from = day(child(part, "FrToDt"), {"FrDtTm", "FrDt"});
            s.to = day(child(part, "FrToDt"), {"ToDtTm", "ToDt"});
            // Midnight ends the day before.
            const bool midnight =
                value(part, "FrToDt/ToDtTm").find("T00:00:00") != std::string::npos;
            if (midnight && s.from && *s.from < *s.to) s.to = *s.to - 1;
        }
        read_balances(part, s);
        for (Node entry : children(part, "Ntry")) read_entry(entry, s);
        if (Node sum = child(part, "TxsSummry/TtlCdtNtries/Sum")) s.stated_credits = amount_of(sum);
        if (Node sum = child(part, "TxsSummry/TtlDbtNtries/Sum")) s.stated_debits = amount_of(sum);
        return s;
    }

    void complain(Node node, std::string message, std::string hint)
    {
        errors_.push_back({Code::invalid_input, std::move(message), at(node), std::move(hint)});
    }
    Source at(std::ptrdiff_t offset) const
    {
        const auto o = static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0));
        const auto line = std::lower_bound(breaks_.begin(), breaks_.end(), o);
        const std::size_t start = line == breaks_.begin() ? 0 : *(line - 1) + 1;
        return {file_, static_cast<int>(line - breaks_.begin()) + 1,
                static_cast<int>(o - start) + 1};
    }
    Source at(Node node) const
    {
        Source where = at(node.offset_debug());
        where.length = static_cast<int>(std::strlen(node.name()));
        return where;
    }
    Errors& errors() { return errors_; }

private:
    std::int64_t number(Node part, std::string_view path)
    {
        const Node node = child(part, path);
        if (!node) return 0;
        const std::string text = value(node);
        if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != text.npos) {
            complain(node, fmt::format("'{}' is not a number", text), "digits only");
            return 0;
        }
        return std::stoll(text);
    }

    Money amount_of(Node node)
    {
        auto money = parse_bank_amount(value(node), '.');
        if (money) return *money;
        complain(node, money.error().message, money.error().hint);
        return {};
    }

    /// An amount of the statement's currency, which the first one sets if the account does not.
    Money amount(Node parent, BankStatement& s)
    {
        const Node node = child(parent, "Amt");
        if (!node) {
            complain(parent, fmt::format("{} without an amount", local_name(parent)), "Amt");
            return {};
        }
        const std::string currency = node.attribute("Ccy").value();
        if (s.currency.empty()) s.currency = currency;
        if (currency != s.currency)
            complain(node, fmt::format("'{}' in an account of '{}'", currency, s.currency),
                     "one account has one currency; ask the bank for a statement of each");
        return amount_of(node);
    }

    /// +1 for a credit, -1 for a debit; anything else is complained of.
    bool is_credit(Node parent)
    {
        const Node node = child(parent, "CdtDbtInd");
        const std::string word = value(node);
        if (word != "CRDT" && word != "DBIT")
            complain(node ? node : parent, fmt::format("'{}' is neither CRDT nor DBIT", word),
                     "CdtDbtInd says which it is");
        return word == "CRDT";
    }

    std::optional<Date> day(Node node, std::initializer_list<std::string_view> names)
    {
        for (const std::string_view name : names) {
            const Node found = child(node, name);
            if (!found) continue;
            const std::string text = value(found);
            auto date = Date::parse(std::string_view(text).substr(0, 10));
            const bool longer = text.size() > 10 && text[10] != 'T' && text[10] != 'Z' &&
                                text[10] != '+' && text[10] != '-';
            if (date && !longer) return *date;
            complain(found, fmt::format("'{}' is not a date", text), "such as 2018-12-03");
            return Date();
        }
        return std::nullopt;
    }

    /// Opening is OPBD, or the closing balance before (PRCD); closing is CLBD, or the last interim
    /// one (ITBD), as in a report of the day. Of interim balances alone the first opens.
    void read_balances(Node part, BankStatement& s)
    {
        std::map<std::string, std::vector<BankBalance>> of_code;
        for (Node node : children(part, "Bal")) {
            const std::string code = value(node, "Tp/CdOrPrtry/Cd");
            if (code != "OPBD" && code != "PRCD" && code != "CLBD" && code != "ITBD")
                continue; // available, forward and the like
            BankBalance b{at(node), amount(node, s), {}};
            if (!is_credit(node)) b.amount = -b.amount;
            const auto date = day(child(node, "Dt"), {"Dt", "DtTm"});
            if (!date) complain(node, "a balance without a date", "Bal/Dt/Dt");
            b.date = date.value_or(Date());
            of_code[code].push_back(b);
        }
        const auto& interim = of_code["ITBD"];
        for (const char* code : {"PRCD", "OPBD"})
            if (!of_code[code].empty()) s.opening = of_code[code].front();
        if (!s.opening && interim.size() > 1) s.opening = interim.front();
        if (!of_code["CLBD"].empty())
            s.closing = of_code["CLBD"].back();
        else if (!interim.empty())
            s.closing = interim.back();
    }

    void read_entry(Node node, BankStatement& s)
    {
        BankEntry e;
        e.where = at(node);
        e.amount = amount(node, s);
        if (!is_credit(node)) e.amount = -e.amount;
        if (e.amount == zero) return; // for information: a charge of nothing
        const std::string reversal = value(node, "RvslInd");
        e.reversal = reversal == "true" || reversal == "1";
        const std::string status = first_value(node, {"Sts/Cd", "Sts/Prtry", "Sts"});
        e.booked = status.empty() || status == "BOOK";
        e.value_date = day(child(node, "ValDt"), {"Dt", "DtTm"});
        auto booked = day(child(node, "BookgDt"), {"Dt", "DtTm"});
        if (!booked) booked = e.value_date;
        if (!booked && s.closing) booked = s.closing->date;
        if (!booked) complain(node, "an entry without a date", "BookgDt/Dt or ValDt/Dt");
        e.date = booked.value_or(Date());
        e.bank_reference = first_value(node, {"AcctSvcrRef", "NtryDtls/TxDtls/Refs/AcctSvcrRef"});
        read_payments(node, e);
        if (e.text.empty()) e.text = value(node, "AddtlNtryInf");
        s.entries.push_back(std::move(e));
    }

    /// Texts of the payments of a batch one after the other, each once.
    struct Words {
        std::string text;
        std::set<std::string> seen;
        void add(const std::string& one)
        {
            if (one.empty() || one == "NOTPROVIDED" || !seen.insert(one).second) return;
            text += (text.empty() ? "" : " ") + one;
        }
    };

    static void read_payments(Node entry, BankEntry& e)
    {
        Words reference, counterparty, text;
        const bool credit = e.amount > zero;
        for (Node details : children(entry, "NtryDtls")) {
            for (Node tx : children(details, "TxDtls")) {
                reference.add(value(tx, "Refs/EndToEndId"));
                counterparty.add(
                    credit ? first_value(tx, {"RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm"})
                           : first_value(tx, {"RltdPties/Cdtr/Pty/Nm", "RltdPties/Cdtr/Nm"}));
                const Node info = child(tx, "RmtInf");
                for (Node line : children(info, "Ustrd")) text.add(value(line));
                for (Node strd : children(info, "Strd")) {
                    for (Node document : children(strd, "RfrdDocInf"))
                        text.add(value(document, "Nb"));
                    text.add(value(strd, "CdtrRefInf/Ref"));
                }
                if (!info) text.add(value(tx, "AddtlTxInf"));
            }
        }
        e.reference = std::move(reference.text);
        e.counterparty = std::move(counterparty.text);
        e.text = std::move(text.text);
    }

    std::string file_;
    std::vector<std::size_t> breaks_;
    Errors errors_;
};

/// The message within a document or an envelope, and what kind it is.
std::pair<Node, const CamtKind*> message_in(Node node, int depth = 0)
{
    for (Node c : node.children()) {
        if (c.type() != pugi::node_element) continue;
        for (const CamtKind& kind : camt_kinds)
            if (local_name(c) == kind.root) return {c, &kind};
        if (depth < 4)
            if (auto found = message_in(c, depth + 1); found.second) return found;
    }
    return {};
}

/// "camt.053.001.08" from the namespace of the message, or what its root says.
std::string version_of(Node message, std::string_view fallback)
{
    for (Node n = message; n; n = n.parent()) {
        for (const auto& attribute : n.attributes()) {
            const std::string_view text = attribute.value();
            const auto at = text.find(fallback);
            if (at != text.npos) return std::string(text.substr(at, 15));
        }
    }
    return std::string(fallback);
}

} // namespace

Checked<std::vector<BankStatement>> parse_camt(std::string_view utf8, const std::string& file)
{
    CamtReader reader(utf8, file);
    const auto refuse = [](Error e) { return tl::make_unexpected(Errors{std::move(e)}); };
    pugi::xml_document document;
    const pugi::xml_parse_result parsed = document.load_buffer(
        utf8.data(), utf8.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
    for (Node c : document.children())
        if (c.type() == pugi::node_doctype)
            return refuse({Code::invalid_input,
                           "a document type is declared",
                           {file, 1, 0},
                           "a statement has none; entities are never expanded"});
    if (!parsed)
        return refuse(
            {Code::invalid_input, fmt::format("not well-formed XML: {}", parsed.description()),
             reader.at(parsed.offset), "the file is cut short or damaged: fetch it again"});
    const auto [message, kind] = message_in(document);
    if (!kind) {
        const Node root = document.document_element();
        const Node inner = root.first_child();
        return refuse({Code::invalid_input,
                       fmt::format("'{}' is not a bank statement",
                                   inner.type() == pugi::node_element ? inner.name() : root.name()),
                       reader.at(root),
                       "camt.052, camt.053 or camt.054: BkToCstmrAcctRpt, BkToCstmrStmt or "
                       "BkToCstmrDbtCdtNtfctn"});
    }
    const std::string format = version_of(message, kind->name);
    std::vector<BankStatement> statements;
    for (Node part : children(message, kind->part)) statements.push_back(reader.read(part, format));
    if (statements.empty())
        reader.complain(message, fmt::format("no {} is in the message", kind->part),
                        "the bank had nothing to say, or the file was cut");
    if (!reader.errors().empty()) return tl::make_unexpected(std::move(reader.errors()));
    return statements;
}

} // namespace tranchain
