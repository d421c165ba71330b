#include "ops/drill/redump.hpp"

#include "ops/drill/drill_versions.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
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
};

// pg_dump's manual, version 18; options as dbbackup itself passes them, or in full.
constexpr auto k_known = std::to_array<KnownOption>({
    {"--blobs", Repetition::always},
    {"--large-objects", Repetition::always},
    {"--no-blobs", Repetition::always},
    {"--no-large-objects", Repetition::always},
    {"--disable-dollar-quoting", Repetition::always},
    {"--encoding=", Repetition::never}, // the dump itself has it
    {"--exclude-extension=", Repetition::always},
    {"--exclude-schema=", Repetition::always},
    {"--exclude-table=", Repetition::always},
    {"--exclude-table-and-children=", Repetition::always},
    {"--exclude-table-data=", Repetition::always},
    {"--exclude-table-data-and-children=", Repetition::always},
    {"--extension=", Repetition::always},
    {"--load-via-partition-root", Repetition::always},
    {"--no-comments", Repetition::always},
    {"--no-privileges", Repetition::always},
    {"--no-publications", Repetition::always},
    {"--no-security-labels", Repetition::always},
    {"--no-subscriptions", Repetition::always},
    {"--no-table-access-method", Repetition::always},
    {"--no-toast-compression", Repetition::always},
    {"--no-unlogged-table-data", Repetition::always},
    {"--quote-all-identifiers", Repetition::always},
    {"--schema-only", Repetition::always},
    {"--schema=", Repetition::always},
    {"--section=", Repetition::always},
    {"--table=", Repetition::always},
    {"--table-and-children=", Repetition::always},
    {"--clean", Repetition::of_plain},
    {"--if-exists", Repetition::of_plain},
    {"--no-owner", Repetition::of_plain},
    {"--no-tablespaces", Repetition::of_plain},
    {"--use-set-session-authorization", Repetition::of_plain},
    {"--compress=", Repetition::never},
    {"--enable-row-security", Repetition::never},
    {"--format=", Repetition::never},
    {"--lock-wait-timeout=", Repetition::never},
    {"--no-sync", Repetition::never},
    {"--no-synchronized-snapshots", Repetition::never},
    {"--role=", Repetition::never},
    {"--serializable-deferrable", Repetition::never},
    {"--snapshot=", Repetition::never},
    {"--strict-names", Repetition::never},
    {"--verbose", Repetition::never},
});

const KnownOption* find_known(std::string_view option) {
    const auto known = std::ranges::find_if(k_known, [option](const KnownOption& candidate) {
        return candidate.name.ends_with('=') ? option.starts_with(candidate.name)
                                             : option == candidate.name;
    });
    return known == k_known.end() ? nullptr : &*known;
}

std::string why_versions_differ(const RedumpFacts& facts) {
    const int server = base::leading_number(facts.manifest->database.server_version);
    const int pg_dump = base::leading_number(facts.manifest->dump.pg_dump_version);
    if (server != facts.server_major) {
        return fmt::format("the dump is from PostgreSQL {}, the scratch database is on {}", server,
                           facts.server_major);
    }
    return pg_dump == facts.pg_dump_major
               ? ""
               : fmt::format("the dump was made by pg_dump {}, its copy by {}", pg_dump,
                             facts.pg_dump_major);
}

/// Of the same major versions: why they may write an expression differently all the same.
std::string why_minors_differ(const RedumpFacts& facts) {
    const std::string_view server = number_of_version(facts.manifest->database.server_version);
    const std::string_view pg_dump = number_of_version(facts.manifest->dump.pg_dump_version);
    const std::string_view scratch = number_of_version(facts.server_version);
    const std::string_view copier = number_of_version(facts.pg_dump_version);
    if (server != scratch) {
        return fmt::format("the dump is from PostgreSQL {}, the scratch database is on {}",
                           base::printable(server), base::printable(scratch));
    }
    return pg_dump == copier ? ""
                             : fmt::format("the dump was made by pg_dump {}, its copy by {}",
                                           base::printable(pg_dump), base::printable(copier));
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
    redump.text_not_compared = why_versions_differ(facts);
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
            redump.arguments.push_back(option);
            if (option == "--no-owner") {
                redump.text_not_compared =
                    "the dump does not hold owners, which decide how grants are written";
            }
        }
    }
    if (redump.text_not_compared.empty()) {
        redump.text = pg::ComparedText::statements;
        redump.may_be_written_differently = why_minors_differ(facts);
    }
    return redump;
}

} // namespace dbbackup::ops
