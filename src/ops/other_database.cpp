#include "ops/other_database.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <string_view>
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

/// Without its domain; an address is whole.
std::string_view first_label(std::string_view host) {
    return is_address(host) ? host : host.substr(0, host.find('.'));
}

/// "db1" and "db1.example.com", but not "db1.example.com" and "db1.example.org".
bool is_same_name(std::string_view one, std::string_view other) {
    const bool one_is_short = one == first_label(one);
    const bool other_is_short = other == first_label(other);
    return one == other ||
           ((one_is_short || other_is_short) && first_label(one) == first_label(other));
}

std::string own_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? lower(name.data()) : "";
}

bool is_here(const std::string& host) {
    const std::string own = own_name();
    return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" ||
           host.starts_with("localhost.") || host.starts_with("127.") || host == "::1" ||
           (!own.empty() && is_same_name(host, own));
}

std::string place(const std::string& database, const std::string& host, int port) {
    return host.empty()
               ? database
               : fmt::format("{} on {}:{}", database,
                             host.find(':') == std::string::npos ? host : "[" + host + "]", port);
}

} // namespace

bool is_same_host(const std::string& one, const std::string& other) {
    const std::string a = lower(one);
    const std::string b = lower(other);
    return is_same_name(a, b) || (is_here(a) && is_here(b));
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
