#pragma once

#include "ops/status/judge_status.hpp"

#include <dbbackup/base/clock.hpp>

#include <functional>

namespace dbbackup::ops {

/// Looks at what lies in `directory`, and a second time at what seems wrong there; what is not so
/// any more is left out. Calls `pause` in between, where another run may be about to put it in
/// order.
[[nodiscard]] StatusSurvey survey_dumps(const store::DumpDirectory& directory,
                                        const base::Clock& clock,
                                        const std::function<void()>& pause);

} // namespace dbbackup::ops
