#pragma once

#include <dbbackup/base/error.hpp>

#include <string>
#include <utility>

namespace dbbackup::pg {

/// The server could not be reached, for whatever reason.
class ConnectError : public base::Error {
public:
    ConnectError(const std::string& message, std::string hint, std::string sqlstate = {})
        : Error(base::ErrorKind::failed, message, std::move(hint)), sqlstate_(std::move(sqlstate)) {
    }

    /// Why the server refused; empty if it did not answer.
    [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

private:
    std::string sqlstate_;
};

/// The server has no database of that name.
inline constexpr const char* k_no_such_database = "3D000";

} // namespace dbbackup::pg
