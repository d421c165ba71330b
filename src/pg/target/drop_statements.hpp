#pragma once

#include "pg/target/target_fates.hpp"

namespace dbbackup::pg {

/// See TargetSurvey::drop_statements. The session's search_path must be bare.
[[nodiscard]] std::vector<std::string> write_drop_statements(Session& session,
                                                             const TargetFates& fates);

} // namespace dbbackup::pg
