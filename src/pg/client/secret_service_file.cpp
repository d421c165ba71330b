#include "pg/connect/libpq_options.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/client_environment.hpp>

#include <cerrno>
#include <fmt/format.h>
#include <string_view>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace dbbackup::pg {

namespace {

constexpr auto k_service = "dbbackup";
// libpq reads lines of at most 1022 bytes (parseServiceFile in its fe-connect.c).
constexpr std::size_t k_longest_value = 900;

// libpq removes white space at the end of a line and keeps it everywhere else.
bool fits_on_a_line(std::string_view value) {
    return value.size() <= k_longest_value && value.find('\n') == std::string_view::npos &&
           std::string_view{" \t\v\f\r"}.find(value.back()) == std::string_view::npos;
}

std::string service_file_text(const std::vector<ConnectionParameter>& secrets) {
    auto text = fmt::format("[{}]\n", k_service);
    for (const auto& [keyword, value] : secrets) {
        if (!fits_on_a_line(value)) {
            throw base::Error{base::ErrorKind::usage,
                              fmt::format("the value of {} cannot be handed to PostgreSQL's "
                                          "clients safely",
                                          keyword),
                              "It may not hold a line end, end in white space or be longer than "
                              "900 bytes."};
        }
        text += fmt::format("{}={}\n", keyword, value);
    }
    return text;
}

sys::Fd make_file_in_memory() {
#ifdef __linux__
    sys::Fd file{::memfd_create("dbbackup-secrets", MFD_CLOEXEC)};
    if (!file) {
        throw base::system_error("make a file in memory", errno);
    }
    return file;
#else
    throw base::Error{base::ErrorKind::usage,
                      "only on Linux can PostgreSQL's clients be handed such a secret safely",
                      "Move it into a service file, and name that in the URL with service=NAME."};
#endif
}

} // namespace

std::vector<ConnectionParameter> secrets_without_variable(const Connection& connection) {
    std::vector<ConnectionParameter> secrets;
    for (const auto& parameter : connection.parameters) {
        const auto* option = find_secret_option(parameter.keyword);
        if (option != nullptr && option->variable.empty()) {
            secrets.push_back(parameter);
        }
    }
    return secrets;
}

SecretServiceFile::SecretServiceFile(const Connection& connection) {
    const auto secrets = secrets_without_variable(connection);
    if (secrets.empty()) {
        return;
    }
    if (connection.find("service") != nullptr) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("the database URL has both service and {}", secrets.front().keyword),
            "Move the secret into the service file that the URL names."};
    }
    const auto text = service_file_text(secrets);
    file_ = make_file_in_memory();
    sys::write_all(file_.get(), base::as_bytes(text), "a file in memory");
}

std::vector<std::string> SecretServiceFile::environment() const {
    if (!file_) {
        return {};
    }
    // Opened again by this path, so that each client, and each of its workers, reads from the
    // start.
    return {fmt::format("PGSERVICEFILE=/proc/self/fd/{}", file_.get()),
            fmt::format("PGSERVICE={}", k_service)};
}

std::vector<int> SecretServiceFile::inherited_fds() const {
    if (!file_) {
        return {};
    }
    return {file_.get()};
}

} // namespace dbbackup::pg
