#include "ops/restore/restore_conflict.hpp"

#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/sys/signals.hpp>

#include <chrono>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

constexpr int k_most_attempts = 5;
constexpr std::chrono::milliseconds k_pause{200};

} // namespace

bool is_conflict(const pg::ServerError& error) {
    return error.sqlstate() == "40P01" || error.sqlstate() == "40001";
}

Conflict::Conflict(const RefusedByServer& refused, const pg::ServerError& error)
    : RefusedByServer(refused), server_message_(error.server_message()) {
}

std::vector<std::string>
retry_conflicts(const std::function<std::vector<std::string>()>& transaction,
                const std::function<bool()>& prepare_again, Listener& listener) {
    for (int attempt = 1;; ++attempt) {
        try {
            return transaction();
        } catch (const Conflict& conflict) {
            if (attempt == k_most_attempts) {
                throw RefusedByServer{
                    conflict.sqlstate(),
                    fmt::format("{} (tried {} times)", conflict.what(), k_most_attempts),
                    conflict.hint()};
            }
            listener.on_notice(fmt::format(
                "the server rolled the restore back, because another session was in its way: {}",
                base::mark_outside(conflict.server_message(), conflict.sqlstate())));
            if (!prepare_again()) {
                throw;
            }
            listener.on_notice(
                fmt::format("trying again ({} of {})", attempt + 1, k_most_attempts));
        }
        sys::interruptible_sleep(k_pause * attempt);
    }
}

} // namespace dbbackup::ops
