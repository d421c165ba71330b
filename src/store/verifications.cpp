#include <dbbackup/store/manifest.hpp>

#include <algorithm>
#include <map>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_read_level = "read";
constexpr std::string_view k_proven_level = "restore";

} // namespace

std::uint64_t Manifest::Contents::total_rows() const noexcept {
    std::uint64_t rows = 0;
    for (const Table& table : tables) {
        rows += table.rows;
    }
    return rows;
}

std::optional<base::UtcTime> Manifest::last_verified(base::UtcTime until) const {
    std::optional<base::UtcTime> last;
    for (const Verification& verification : verifications) {
        if (verification.is_ok() && verification.at <= until) {
            last = std::max(last, std::optional{verification.at});
        }
    }
    return last;
}

std::optional<base::UtcTime> Manifest::last_proven(base::UtcTime until) const {
    std::optional<base::UtcTime> last;
    for (const Verification& verification : verifications) {
        if (verification.is_ok() && verification.at <= until &&
            verification.level == k_proven_level) {
            last = std::max(last, std::optional{verification.at});
        }
    }
    return last;
}

std::optional<Manifest::Verification> Manifest::found_damaged() const {
    std::map<std::string_view, const Verification*> findings; ///< not overridden so far, by level
    // In the order in which they were recorded: ordered by time, one wrong clock could override
    // later findings.
    for (const Verification& verification : verifications) {
        if (!verification.is_ok()) {
            findings[verification.level] = &verification;
            continue;
        }
        findings.erase(verification.level);
        if (verification.level == k_proven_level) {
            findings.erase(k_read_level);
        }
    }
    const Verification* latest = nullptr;
    for (const auto& [level, finding] : findings) {
        latest = latest == nullptr || finding > latest ? finding : latest;
    }
    return latest == nullptr ? std::nullopt : std::optional{*latest};
}

} // namespace dbbackup::store
