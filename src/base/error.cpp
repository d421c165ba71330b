#include <dbbackup/base/error.hpp>

#include <fmt/format.h>
#include <system_error>

namespace dbbackup::base {

Error system_error(const std::string& action, int error_number, std::string hint) {
    return {ErrorKind::failed,
            fmt::format("cannot {}: {}", action,
                        std::error_code(error_number, std::generic_category()).message()),
            std::move(hint)};
}

} // namespace dbbackup::base
