#include <dbbackup/base/error.hpp>

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace dbbackup::base {

bool SystemError::is_shortage() const noexcept {
    return error_number_ == EMFILE || error_number_ == ENFILE || error_number_ == ENOMEM;
}

SystemError system_error(const std::string& action, int error_number, std::string hint) {
    return {fmt::format("cannot {}: {}", action,
                        std::error_code(error_number, std::generic_category()).message()),
            std::move(hint), error_number};
}

} // namespace dbbackup::base
