#include <dbbackup/pg/newest_migration.hpp>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace dbbackup::pg {

namespace {

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Takes the digits at the beginning of `text`, without leading zeros.
std::string_view take_number(std::string_view& text) {
    const auto* end = std::ranges::find_if_not(text, is_digit);
    std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(number.size());
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

bool is_before(std::string_view one, std::string_view other) {
    while (!one.empty() && !other.empty()) {
        if (is_digit(one.front()) && is_digit(other.front())) {
            const std::string_view left = take_number(one);
            const std::string_view right = take_number(other);
            if (left != right) {
                return left.size() != right.size() ? left.size() < right.size() : left < right;
            }
        } else if (one.front() != other.front()) {
            return one.front() < other.front();
        } else {
            one.remove_prefix(1);
            other.remove_prefix(1);
        }
    }
    return one.empty() && !other.empty();
}

} // namespace

std::string newest_migration(const std::vector<MigrationState>& migrations) {
    if (migrations.size() != 1 || migrations.front().tool == "Django") {
        return {};
    }
    const std::vector<std::string>& applied = migrations.front().applied;
    const auto newest = std::ranges::max_element(applied, is_before);
    return newest == applied.end() ? "" : *newest;
}

} // namespace dbbackup::pg
