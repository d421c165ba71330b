#pragma once

#include <dbbackup/ops/restore.hpp>

#include <string>

namespace dbbackup::ops {

/// Whether two names mean the same host, as far as known without a lookup: a socket's directory,
/// localhost and this machine's own name do. Two socket directories do not, unless links make them
/// the same or both are packages' defaults. A name with a domain and the same name without do not
/// either, because each domain may have such a host.
[[nodiscard]] bool is_same_host(const std::string& one, const std::string& other);

/// Says, for people, that the dump is of another database or server than the target; else empty.
/// Safe to show.
[[nodiscard]] std::string find_other_database(const RestorePlan& plan);

} // namespace dbbackup::ops
