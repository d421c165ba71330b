#pragma once

#include "ops/status/judge_status.hpp"

#include <dbbackup/base/clock.hpp>

#include <functional>

namespace dbbackup::ops {

/// Reads `directory`, and checks problems there a second time; those that are gone are left out.
/// Calls `pause` in between, if another run may be about to fix them.
[[nodiscard]] StatusSurvey survey_dumps(const store::DumpDirectory& directory,
                                        const base::Clock& clock,
                                        const std::function<void()>& pause);

} // namespace dbbackup::ops
