#pragma once

#include <dbbackup/ops/restore.hpp>

#include <string>

namespace dbbackup::ops {

/// Whether two names stand for the same host, as far as that can be told without asking anybody: a
/// socket's directory, localhost and this machine's own name do. Two directories of sockets do not,
/// unless links make them one or both are where packages put them; nor does a name with a domain
/// and the same without, for there may be one such in each domain.
[[nodiscard]] bool is_same_host(const std::string& one, const std::string& other);

/// That the dump is of another database than the target, or of another server, in plain words; else
/// empty. Safe to show.
[[nodiscard]] std::string find_other_database(const RestorePlan& plan);

} // namespace dbbackup::ops
