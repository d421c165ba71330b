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

const std::string* find_newest(const MigrationState& state) {
    const auto newest = std::ranges::max_element(state.applied, is_before);
    return newest == state.applied.end() ? nullptr : &*newest;
}

/// The first of the sorted `some` that `others` lack.
const std::string* find_missing(const std::vector<std::string>& some,
                                const std::vector<std::string>& others) {
    const auto missing = std::ranges::find_if(some, [&others](const std::string& name) {
        return !std::ranges::binary_search(others, name);
    });
    return missing == some.end() ? nullptr : &*missing;
}

const std::string* find_lost(const MigrationState& before, const MigrationState& now) {
    if (before.tool == "Alembic") {
        return nullptr;
    }
    if (before.tool == "Django") {
        return find_missing(now.applied, before.applied) == nullptr
                   ? find_missing(before.applied, now.applied)
                   : nullptr;
    }
    const std::string* newest_before = find_newest(before);
    const std::string* newest = find_newest(now);
    const bool went_back =
        newest_before != nullptr && (newest == nullptr || is_before(*newest, *newest_before));
    return went_back ? newest_before : nullptr;
}

} // namespace

std::string newest_migration(const std::vector<MigrationState>& migrations) {
    if (migrations.size() != 1 || migrations.front().tool == "Django") {
        return {};
    }
    const std::string* newest = find_newest(migrations.front());
    return newest == nullptr ? "" : *newest;
}

std::string find_lost_migration(const std::vector<MigrationState>& before,
                                const std::vector<MigrationState>& now) {
    for (const MigrationState& state : before) {
        const auto same = std::ranges::find_if(now, [&state](const MigrationState& other) {
            return other.tool == state.tool && other.table == state.table;
        });
        const std::string* lost = same == now.end() ? nullptr : find_lost(state, *same);
        if (lost != nullptr) {
            return *lost;
        }
    }
    return {};
}

} // namespace dbbackup::pg
