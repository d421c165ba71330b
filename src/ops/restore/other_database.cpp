#include "ops/restore/other_database.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace dbbackup::ops {

namespace {

std::string lower(std::string name) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    while (name.ends_with('.')) {
        name.pop_back();
    }
    return name;
}

bool is_address(std::string_view host) {
    return host.find(':') != std::string_view::npos ||
           host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Without its domain; an address stays whole.
std::string_view first_label(std::string_view host) {
    return is_address(host) ? host : host.substr(0, host.find('.'));
}

bool is_socket(std::string_view host) {
    return host.starts_with('/') || host.starts_with('@');
}

/// The default socket directories: PostgreSQL's own, and the packages'.
bool is_default_directory(const std::filesystem::path& directory) {
    return directory == "/tmp" || directory == "/run/postgresql" ||
           directory == "/var/run/postgresql";
}

/// With links resolved as far as the path exists.
std::filesystem::path real_directory(const std::string& socket) {
    std::error_code error;
    auto real = std::filesystem::weakly_canonical(socket, error);
    if (error) {
        real = std::filesystem::path{socket}.lexically_normal();
    }
    return real.has_filename() ? real : real.parent_path();
}

bool is_same_socket(const std::string& one, const std::string& other) {
    if (one == other) {
        return true;
    }
    if (one.front() == '@' || other.front() == '@') {
        return false;
    }
    const auto a = real_directory(one);
    const auto b = real_directory(other);
    return a == b || (is_default_directory(a) && is_default_directory(b));
}

std::string own_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? lower(name.data()) : "";
}

bool is_here(const std::string& host) {
    const std::string own = own_name();
    return host.empty() || is_socket(host) || host == "localhost" ||
           host.starts_with("localhost.") || host.starts_with("127.") || host == "::1" ||
           (!own.empty() && (host == own || host == first_label(own)));
}

std::string place(const std::string& database, const std::string& host, int port) {
    return host.empty()
               ? database
               : fmt::format("{} on {}:{}", database,
                             host.find(':') == std::string::npos ? host : "[" + host + "]", port);
}

} // namespace

bool is_same_host(const std::string& one, const std::string& other) {
    if (is_socket(one) && is_socket(other)) {
        return is_same_socket(one, other);
    }
    const std::string a = lower(one);
    const std::string b = lower(other);
    return a == b || (is_here(a) && is_here(b));
}

std::string find_other_database(const RestorePlan& plan) {
    if (plan.dump_database.empty()) {
        return {};
    }
    const bool knows_server = plan.dump_port != 0;
    const bool same_server =
        !knows_server || (plan.dump_port == plan.port && is_same_host(plan.dump_host, plan.host));
    if (same_server && plan.dump_database == plan.database) {
        return {};
    }
    return base::printable(fmt::format("the dump is of {}, the target is {}",
                                       place(plan.dump_database, plan.dump_host, plan.dump_port),
                                       place(plan.database, plan.host, plan.port)));
}

} // namespace dbbackup::ops
