#pragma once

#include <dbbackup/store/manifest.hpp>

#include <string>

namespace dbbackup::store {

/// Which part of its database a dump holds, for people and safe to show: "only schema tenant_5",
/// "only tables a, b; without rows of c". Empty for a whole dump (scope_of). Unknown options are
/// shown as they are: "a part (--filter=f)".
[[nodiscard]] std::string describe_part(const Manifest::Dump& dump);

} // namespace dbbackup::store
