#pragma once

#include "store/json_fields.hpp"

#include <dbbackup/store/manifest.hpp>

#include <vector>

namespace dbbackup::store {

// Parts of a manifest that a note has too. They throw base::Error{damaged}.

[[nodiscard]] std::vector<Manifest::Verification> read_verifications(const Json& json);
/// Since format 1.3; none if there is no such field.
[[nodiscard]] std::vector<Manifest::Check> read_checks(const Json& json);

} // namespace dbbackup::store
