#include "ops/drill/redump.hpp"

#include "ops/drill/drill_versions.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace dbbackup::ops {

namespace {

enum class Repetition {
    always,
    of_plain, ///< pg_dump ignores it when it writes an archive
    never,    ///< how to dump, not what
};

struct KnownOption {
    std::string_view name; ///< with its `=` if it takes a value
    Repetition repetition;
    int since = 0; ///< the first major version of pg_dump with it, if not all that we run have it
};

// pg_dump's manual, version 18; options as dbbackup itself passes them, or in full.
constexpr auto k_known = std::to_array<KnownOption>({
    {"--blobs", Repetition::always},
    {"--large-objects", Repetition::always, 16},
    {"--no-blobs", Repetition::always},
    {"--no-large-objects", Repetition::always, 16},
    {"--disable-dollar-quoting", Repetition::always},
    {"--encoding=", Repetition::never}, // the dump itself has it
    {"--exclude-extension=", Repetition::always, 17},
    {"--exclude-schema=", Repetition::always},
    {"--exclude-table=", Repetition::always},
    {"--exclude-table-and-children=", Repetition::always, 16},
    {"--exclude-table-data=", Repetition::always},
    {"--exclude-table-data-and-children=", Repetition::always, 16},
    {"--extension=", Repetition::always},
    {"--load-via-partition-root", Repetition::always},
    {"--no-comments", Repetition::always},
    {"--no-policies", Repetition::always, 18},
    {"--no-privileges", Repetition::always},
    {"--no-publications", Repetition::always},
    {"--no-security-labels", Repetition::always},
    {"--no-subscriptions", Repetition::always},
    {"--no-table-access-method", Repetition::always},
    {"--no-toast-compression", Repetition::always},
    {"--no-unlogged-table-data", Repetition::always},
    {"--quote-all-identifiers", Repetition::always},
    {"--no-data", Repetition::always, 18},
    {"--schema-only", Repetition::always},
    {"--schema=", Repetition::always},
    {"--section=", Repetition::always},
    {"--sequence-data", Repetition::always, 18},
    {"--table=", Repetition::always},
    {"--table-and-children=", Repetition::always, 16},
    {"--clean", Repetition::of_plain},
    {"--if-exists", Repetition::of_plain},
    {"--no-owner", Repetition::of_plain},
    {"--no-tablespaces", Repetition::of_plain},
    {"--use-set-session-authorization", Repetition::of_plain},
    {"--compress=", Repetition::never},
    {"--enable-row-security", Repetition::never},
    {"--format=", Repetition::never},
    {"--lock-wait-timeout=", Repetition::never},
    {"--no-password", Repetition::never},
    {"--no-statistics", Repetition::never}, // never compared: ANALYZE replaces them
    {"--no-sync", Repetition::never},
    {"--no-synchronized-snapshots", Repetition::never},
    {"--restrict-key=", Repetition::never},
    {"--role=", Repetition::never},
    {"--serializable-deferrable", Repetition::never},
    {"--snapshot=", Repetition::never},
    {"--statistics", Repetition::never},
    {"--strict-names", Repetition::never},
    {"--sync-method=", Repetition::never},
    {"--verbose", Repetition::never},
});

const KnownOption* find_known(std::string_view option) {
    const auto known = std::ranges::find_if(k_known, [option](const KnownOption& candidate) {
        return candidate.name.ends_with('=') ? option.starts_with(candidate.name)
                                             : option == candidate.name;
    });
    return known == k_known.end() ? nullptr : &*known;
}

/// Of a server and a pg_dump, as far as they are compared.
struct Versions {
    std::string server;
    std::string pg_dump;
};

/// For people; empty if they are the same.
std::string how_they_differ(const Versions& of_dump, const Versions& of_copy) {
    if (of_dump.server != of_copy.server) {
        return fmt::format("the dump is from PostgreSQL {}, the scratch database is on {}",
                           base::printable(of_dump.server), base::printable(of_copy.server));
    }
    return of_dump.pg_dump == of_copy.pg_dump
               ? ""
               : fmt::format("the dump was made by pg_dump {}, its copy by {}",
                             base::printable(of_dump.pg_dump), base::printable(of_copy.pg_dump));
}

std::string why_majors_differ(const RedumpFacts& facts) {
    const auto major = [](const std::string& version) {
        return std::to_string(base::leading_number(version));
    };
    return how_they_differ(
        {major(facts.manifest->database.server_version),
         major(facts.manifest->dump.pg_dump_version)},
        {std::to_string(facts.server_major), std::to_string(facts.pg_dump_major)});
}

/// Of the same major versions: why they may still write an expression differently.
std::string why_minors_differ(const RedumpFacts& facts) {
    const auto number = [](const std::string& version) {
        return std::string{number_of_version(version)};
    };
    return how_they_differ({number(facts.manifest->database.server_version),
                            number(facts.manifest->dump.pg_dump_version)},
                           {number(facts.server_version), number(facts.pg_dump_version)});
}

/// As the pg_dump that reads the copy spells it; empty if it needs no such option, because the copy
/// can hold nothing but what the dump brought.
std::string spelt_for(const KnownOption& known, const std::string& option, int pg_dump_major) {
    if (pg_dump_major >= known.since) {
        return option;
    }
    if (option == "--no-data") {
        return "--schema-only";
    }
    if (option == "--no-large-objects") {
        return "--no-blobs";
    }
    if (option == "--large-objects") {
        return "--blobs";
    }
    if (option == "--sequence-data") {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("the dump was made with {}, which pg_dump {} does not have", option,
                        pg_dump_major),
            fmt::format("Drill it on a machine with PostgreSQL {}'s pg_dump.", known.since)};
    }
    return {};
}

} // namespace

Redump plan_redump(const RedumpFacts& facts) {
    Redump redump{.arguments = {"--format=plain"},
                  .text = pg::ComparedText::nothing,
                  .text_not_compared = {},
                  .may_be_written_differently = {}};
    if (!facts.encoding.empty()) {
        redump.arguments.push_back("--encoding=" + facts.encoding);
    }
    if (!facts.manifest) {
        redump.text_not_compared = "without a manifest it is unknown how the dump was made";
        return redump;
    }
    const bool is_plain = facts.manifest->dump.format == "plain";
    if (!facts.all_restored) {
        redump.text_not_compared = "owners or privileges were left out";
    }
    for (const std::string& option : facts.manifest->dump.options) {
        const KnownOption* known = find_known(option);
        if (known == nullptr) {
            redump.text_not_compared = fmt::format("the dump was made with {}, which is not "
                                                   "repeated here",
                                                   base::printable(option));
        } else if (known->repetition == Repetition::always ||
                   (known->repetition == Repetition::of_plain && is_plain)) {
            if (std::string spelt = spelt_for(*known, option, facts.pg_dump_major);
                !spelt.empty()) {
                redump.arguments.push_back(std::move(spelt));
            }
            if (option == "--no-owner") {
                redump.text_not_compared =
                    "the dump does not hold owners, which decide how grants are written";
            }
        }
    }
    if (redump.text_not_compared.empty()) {
        redump.text_not_compared = why_majors_differ(facts);
        const bool same_majors = redump.text_not_compared.empty();
        redump.text =
            same_majors ? pg::ComparedText::statements : pg::ComparedText::version_neutral;
        redump.may_be_written_differently = same_majors ? why_minors_differ(facts) : "";
    }
    return redump;
}

} // namespace dbbackup::ops
