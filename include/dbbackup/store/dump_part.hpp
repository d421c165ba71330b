#pragma once

#include <dbbackup/store/manifest.hpp>

#include <string>

namespace dbbackup::store {

/// Which part of its database a dump holds, in plain words and safe to show: "only schema
/// tenant_5", "only tables a, b; without rows of c". Empty for a whole dump (scope_of). Options
/// that are not known here come out as they are: "a part (--filter=f)".
[[nodiscard]] std::string describe_part(const Manifest::Dump& dump);

} // namespace dbbackup::store
