#pragma once

#include "retention_dumps.hpp"
#include "support/catch.hpp"

#include <ctime>
#include <random>
#include <set>

namespace dbbackup::test {

using base::UtcTime;
using store::DumpEntry;
using store::RetentionPolicy;

/// One set of dumps with rules: few identities and times close to each other and to the edges of
/// the calendar, so that most sets have something to decide.
class RandomSet {
public:
    explicit RandomSet(unsigned seed) : random_(seed) {
        static const std::vector<const char*> edges{
            "2026-12-31T23:59:59.999Z", "2027-01-04T00:00:00.000Z", "2024-12-30T00:00:00.000Z",
            "2028-02-29T12:00:00.000Z", "2026-03-31T12:00:00.000Z", "2026-11-20T04:00:00.000Z"};
        now = base::parse_utc(edges[below(edges.size())]).value();
        scale_ = std::chrono::milliseconds{
            std::vector<std::int64_t>{1, 600'000, 7'200'000, 43'200'000, 259'200'000, 1'000'000'000,
                                      8'000'000'000}[below(7)]};
        policy = random_policy();
        for (std::size_t count = below(13); count > 0; --count) {
            dumps.push_back(random_dump());
        }
    }

    UtcTime now;
    RetentionPolicy policy;
    std::vector<store::PruneCandidate> dumps;

private:
    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    unsigned places() { return one_in(3) ? 1 + static_cast<unsigned>(below(4)) : 0; }

    RetentionPolicy random_policy() {
        RetentionPolicy some{.last = places(),
                             .hourly = places(),
                             .daily = places(),
                             .weekly = places(),
                             .monthly = places(),
                             .yearly = places(),
                             .within = {}};
        if (one_in(4)) {
            some.within = {.months = std::chrono::months{below(4)},
                           .hours = std::chrono::hours{below(3) * 24}};
        }
        if (one_in(20)) {
            some.last = 1;
        }
        return some;
    }

    store::PruneCandidate random_dump() {
        static const DumpCase blank{"2026-01-01"};
        store::PruneCandidate candidate = blank;
        DumpEntry& dump = candidate.dump;
        store::Manifest& manifest = *dump.manifest;
        // Names do not follow the order in time, but differ.
        dump.name =
            std::string(1, static_cast<char>('a' + below(26))) + std::to_string(dumps.size());
        manifest.file.name = one_in(15) ? "b0" : dump.name;
        manifest.database.name = one_in(4) ? "app_old" : "app";
        manifest.database.host = one_in(8) ? "other" : "db";
        manifest.database.port = one_in(8) ? 5433 : 5432;
        manifest.dump.started_at = now - static_cast<std::int64_t>(below(8)) * scale_ +
                                   (one_in(10) ? scale_ : std::chrono::milliseconds{0}) +
                                   std::chrono::milliseconds{one_in(3) ? 1 : 0} -
                                   std::chrono::milliseconds{one_in(3) ? 1 : 0};
        manifest.dump.safety = one_in(5);
        if (one_in(6)) {
            manifest.dump.options.emplace_back(one_in(2) ? "--table=orders" : "--no-owner");
        }
        manifest.pinned = one_in(10);
        candidate.is_held = one_in(15);
        candidate.is_after_loss = one_in(40);
        if (one_in(5)) {
            store::Manifest::Verification check;
            check.level = one_in(2) ? "read" : "restore";
            check.result = "ok";
            manifest.verifications.push_back(check);
        }
        if (one_in(5)) {
            dump.problem = "damaged";
        }
        if (one_in(15)) {
            if (one_in(2)) {
                dump.size = 2;
            } else {
                dump.foreign_owner = "another user";
            }
        }
        if (one_in(15)) {
            dump.manifest.reset();
        }
        return candidate;
    }

    std::mt19937 random_;
    std::chrono::milliseconds scale_{0};
};

/// The reasons to keep a dump, each evaluated on its own: which others come before it?
class Model {
public:
    explicit Model(const RandomSet& set) : set_(set) {}

    [[nodiscard]] std::set<std::string> reasons(const store::PruneCandidate& candidate) const {
        const DumpEntry& dump = candidate.dump;
        std::set<std::string> found;
        const auto add_if = [&found](const char* reason, bool holds) {
            if (holds) {
                found.insert(reason);
            }
        };
        add_if("held", candidate.is_held);
        add_if("held_after_loss", candidate.is_after_loss);
        add_if("foreign", is_foreign(dump));
        if (is_foreign(dump)) {
            return found;
        }
        add_if("pinned", dump.manifest->pinned);
        add_if("future", is_future(dump));
        if (is_future(dump)) {
            return found;
        }
        add_if("newest", is_newest(dump, &Model::exists));
        add_if("newest_sound",
               !is_newest(dump, &Model::exists) && is_newest(dump, &Model::is_sound));
        add_if("newest_verified", is_newest(dump, &Model::is_verified));
        add_if("newest_proven", is_newest(dump, &Model::is_proven));
        const RetentionPolicy& policy = set_.policy;
        add_if("last", before(dump).size() < policy.last);
        add_if("hourly", has_place(dump, "%Y-%m-%d %H", policy.hourly));
        add_if("daily", has_place(dump, "%Y-%j", policy.daily));
        add_if("weekly", has_place(dump, "%G-%V", policy.weekly));
        add_if("monthly", has_place(dump, "%Y-%m", policy.monthly));
        add_if("yearly", has_place(dump, "%Y", policy.yearly));
        add_if("within", is_within(dump));
        return found;
    }

    [[nodiscard]] static bool is_foreign(const DumpEntry& dump) {
        return !dump.foreign_owner.empty() || !dump.manifest ||
               dump.size != dump.manifest->file.size || dump.name != dump.manifest->file.name;
    }
    [[nodiscard]] static bool exists(const DumpEntry& /*dump*/) { return true; }
    [[nodiscard]] static bool is_sound(const DumpEntry& dump) { return dump.problem.empty(); }
    [[nodiscard]] static bool is_verified(const DumpEntry& dump) {
        return is_sound(dump) && !dump.manifest->verifications.empty();
    }
    [[nodiscard]] static bool is_proven(const DumpEntry& dump) {
        return is_verified(dump) && dump.manifest->verifications[0].level == "restore";
    }
    [[nodiscard]] static bool is_part(const store::Manifest& manifest) {
        return manifest.dump.options == std::vector<std::string>{"--table=orders"};
    }

private:
    using Quality = bool (*)(const DumpEntry&);

    [[nodiscard]] bool is_future(const DumpEntry& dump) const {
        return dump.manifest->dump.started_at > set_.now;
    }

    /// All newer ones in the same group, of whatever kind.
    [[nodiscard]] std::vector<const DumpEntry*> newer_ones(const DumpEntry& dump) const {
        std::vector<const DumpEntry*> newer;
        for (const store::PruneCandidate& candidate : set_.dumps) {
            const DumpEntry& other = candidate.dump;
            if (is_foreign(other) || is_future(other)) {
                continue;
            }
            const auto& a = *other.manifest;
            const auto& b = *dump.manifest;
            if (a.database.name == b.database.name && a.database.host == b.database.host &&
                a.database.port == b.database.port && is_part(a) == is_part(b) &&
                std::pair{a.dump.started_at, other.name} >
                    std::pair{b.dump.started_at, dump.name}) {
                newer.push_back(&other);
            }
        }
        return newer;
    }

    /// The newest of all with this quality, or only of those that are not safety dumps.
    [[nodiscard]] bool is_newest(const DumpEntry& dump, Quality quality) const {
        bool is_first = quality(dump);
        bool is_first_regular = quality(dump) && !dump.manifest->dump.safety;
        for (const DumpEntry* other : newer_ones(dump)) {
            is_first = is_first && !quality(*other);
            is_first_regular =
                is_first_regular && (other->manifest->dump.safety || !quality(*other));
        }
        return is_first || is_first_regular;
    }

    /// The newer ones that count.
    [[nodiscard]] std::vector<const DumpEntry*> before(const DumpEntry& dump) const {
        std::vector<const DumpEntry*> newer = newer_ones(dump);
        std::erase_if(newer, [](const DumpEntry* other) {
            return other->manifest->dump.safety || !is_sound(*other);
        });
        return newer;
    }

    [[nodiscard]] static std::tm broken_down(UtcTime time) {
        const std::time_t seconds =
            std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
        std::tm parts{};
        REQUIRE(gmtime_r(&seconds, &parts) != nullptr);
        return parts;
    }

    [[nodiscard]] static std::string period_of(const DumpEntry& dump, const char* form) {
        const std::tm parts = broken_down(dump.manifest->dump.started_at);
        char text[32];
        return {text, std::strftime(text, sizeof text, form, &parts)};
    }

    [[nodiscard]] bool has_place(const DumpEntry& dump, const char* form, unsigned places) const {
        if (places == 0) {
            return false;
        }
        std::set<std::string> taken;
        for (const DumpEntry* other : before(dump)) {
            taken.insert(period_of(*other, form));
        }
        return taken.size() < places && !taken.contains(period_of(dump, form));
    }

    [[nodiscard]] bool is_within(const DumpEntry& dump) const {
        const auto& within = set_.policy.within;
        if (!within || (within->months.count() == 0 && within->hours.count() == 0)) {
            return false;
        }
        std::tm parts = broken_down(set_.now);
        const int day = parts.tm_mday;
        parts.tm_mon -= static_cast<int>(within->months.count());
        std::tm back = parts;
        std::time_t start = timegm(&back);
        for (int shorter = day; back.tm_mday != shorter;) {
            parts.tm_mday = --shorter;
            back = parts;
            start = timegm(&back);
        }
        const std::int64_t start_ms = (start - within->hours.count() * 3600) * 1000 +
                                      set_.now.time_since_epoch().count() % 1000;
        return dump.manifest->dump.started_at.time_since_epoch().count() >= start_ms;
    }

    const RandomSet& set_;
};

} // namespace dbbackup::test
