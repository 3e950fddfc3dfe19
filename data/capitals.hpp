// Capitals: an amount in the Chinese capitals of bank papers (大写), which cannot be altered by a stroke.
//
// As 正确填写票据和结算凭证的基本规定 (annex 1 of 支付结算办法, People's Bank of China, 1997) asks:
// 整 ends an amount without fen and jiao; a zero between digits is 零; jiao 0 with fen is 零 after 元.
// Where that text leaves the choice, no 零 is written and no 整 after 角.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/money.hpp"

namespace tranchain {

/// 人民币 and the words, such as 人民币壹仟肆佰零玖元伍角; `amount` >= 0 (a bug otherwise).
std::string capitals(Money amount);

} // namespace tranchain
