#include "ops/dump/safety_dump.hpp"

#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

DumpRequest safety_request(const pg::Connection& connection, const std::filesystem::path& directory,
                           std::chrono::milliseconds lock_timeout, const std::string& deed,
                           const Context& context) {
    pg::DumpOptions options;
    options.lock_wait_timeout = lock_timeout;
    return {.connection = connection,
            .directory = directory,
            .options = std::move(options),
            .compression = {},
            .label = "safety dump before " + deed,
            .pin = Pin::no,
            .purpose = Purpose::safety,
            .retention = std::nullopt,
            .recipients = context.recipients};
}

base::Error with_safety_dump(const base::Error& error, const std::optional<std::string>& path) {
    if (!path) {
        return {error.kind(), error.what(), error.hint()};
    }
    return {error.kind(), error.what(),
            fmt::format("{}{}The safety dump '{}' is kept: it holds the target as it is now.",
                        error.hint(), error.hint().empty() ? "" : " ", base::printable(*path))};
}

} // namespace dbbackup::ops
