// Commands: each noun's file registers its commands here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cmd/tree.hpp"

namespace tranchain {

void add_deal(Tree& tree);        // cmd/deal.cpp
void add_deal_compare(Tree& tree);   // cmd/deal_compare.cpp
void add_deal_diff(Tree& tree);   // cmd/deal_diff.cpp
void add_deal_new(Tree& tree);    // cmd/deal_new.cpp
void add_pool(Tree& tree);        // cmd/pool.cpp
void add_pool_views(Tree& tree);   // cmd/pool_views.cpp: stratify, age, diff
void add_pool_select(Tree& tree);  // cmd/pool_select.cpp
void add_pool_reserve(Tree& tree);  // cmd/pool_reserve.cpp
void add_pool_schedule(Tree& tree);  // cmd/pool_schedule.cpp
void add_pool_verify(Tree& tree);  // cmd/pool_verify.cpp
void add_pool_history(Tree& tree);  // cmd/pool_history.cpp
void add_pool_vintage(Tree& tree);  // cmd/pool_vintage.cpp
void add_pool_turnover(Tree& tree);  // cmd/pool_turnover.cpp
void add_waterfall(Tree& tree);   // cmd/waterfall.cpp
void add_waterfall_trace(Tree& tree);  // cmd/waterfall_trace.cpp
void add_waterfall_compare(Tree& tree);  // cmd/waterfall_compare.cpp
void add_tranche(Tree& tree);     // cmd/tranche.cpp
void add_tranche_size(Tree& tree);  // cmd/tranche_size.cpp
void add_scenario(Tree& tree);    // cmd/scenario_grid.cpp
void add_scenario_break(Tree& tree);  // cmd/scenario_break.cpp
void add_scenario_sensitivity(Tree& tree); // cmd/scenario_sensitivity.cpp
void add_scenario_fit(Tree& tree);  // cmd/scenario_fit.cpp
void add_simulate(Tree& tree);    // cmd/simulate.cpp
void add_trigger(Tree& tree);     // cmd/trigger.cpp
void add_trigger_watch(Tree& tree); // cmd/trigger_watch.cpp
void add_agenda(Tree& tree);      // cmd/agenda.cpp
void add_notice(Tree& tree);      // cmd/notices.cpp
void add_chain(Tree& tree);       // cmd/chain.cpp
void add_chain_timestamp(Tree& tree); // cmd/chain_timestamp.cpp
void add_anchor(Tree& tree);      // cmd/anchor.cpp
void add_anchor_payments(Tree& tree); // cmd/anchor_payments.cpp
void add_anchor_correction(Tree& tree); // cmd/anchor_correction.cpp
void add_anchor_document(Tree& tree); // cmd/anchor_document.cpp
void add_anchor_policy(Tree& tree);   // cmd/anchor_policy.cpp
void add_document(Tree& tree);    // cmd/document.cpp
void add_member(Tree& tree);      // cmd/member.cpp
void add_key(Tree& tree);         // cmd/key.cpp
void add_audit(Tree& tree);       // cmd/audit.cpp
void add_audit_why(Tree& tree);   // cmd/audit_why.cpp
void add_audit_diff(Tree& tree);  // cmd/audit_diff.cpp
void add_report(Tree& tree);      // cmd/report.cpp
void add_proof(Tree& tree);       // cmd/proof.cpp: proof and disclose
void add_statement(Tree& tree);   // cmd/statement.cpp
void add_collections(Tree& tree); // cmd/collections.cpp
void add_completion(Tree& tree);  // cmd/completion.cpp
void add_help(Tree& tree);        // cmd/help.cpp: help and version

/// All of them, in the order in which help lists them.
Tree all_commands();

}  // namespace tranchain
