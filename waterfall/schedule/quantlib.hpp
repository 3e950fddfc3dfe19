// Every QuantLib header that waterfall/schedule/ uses; narrow ones, since the whole does not
// compile as C++20 with Debian's Boost. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ql/time/calendar.hpp>
#include <ql/time/calendars/bespokecalendar.hpp>
#include <ql/time/calendars/china.hpp>
#include <ql/time/calendars/jointcalendar.hpp>
#include <ql/time/calendars/unitedstates.hpp>
#include <ql/time/date.hpp>
