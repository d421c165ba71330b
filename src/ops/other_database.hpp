#pragma once

#include <dbbackup/ops/restore.hpp>

#include <string>

namespace dbbackup::ops {

/// Whether two names stand for the same host, as far as that can be told without asking anybody: a
/// socket's directory, localhost and this machine's own name do; so do a name with and without its
/// domain.
[[nodiscard]] bool is_same_host(const std::string& one, const std::string& other);

/// That the dump is of another database than the target, or of another server, in plain words; else
/// empty. Safe to show.
[[nodiscard]] std::string find_other_database(const RestorePlan& plan);

} // namespace dbbackup::ops
