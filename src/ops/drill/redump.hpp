#pragma once

#include <dbbackup/pg/compare_outlines.hpp>
#include <dbbackup/store/manifest.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// How to dump a restored copy, so that it can be compared with the original dump.
struct Redump {
    std::vector<std::string> arguments; ///< for pg_dump, without the connection
    pg::ComparedText text = pg::ComparedText::nothing;
    std::string text_not_compared; ///< why not all of it, for people; or empty
    /// Why an expression that differs may only be written differently: another minor version. For
    /// people; empty if it counts.
    std::string may_be_written_differently;
};

/// The known facts about both sides.
struct RedumpFacts {
    const std::optional<store::Manifest>& manifest;
    int server_major = 0;             ///< of the scratch server
    int pg_dump_major = 0;            ///< of the pg_dump that reads it
    bool all_restored = true;         ///< false if owners or privileges were left out
    std::string encoding;             ///< of the dump's text, or empty
    std::string server_version = {};  ///< of the scratch server, in full
    std::string pg_dump_version = {}; ///< of the pg_dump that reads it, in full
};

/// Repeats the options of the dump that decide its content, but only known ones: a manifest is
/// untrusted input.
[[nodiscard]] Redump plan_redump(const RedumpFacts& facts);

} // namespace dbbackup::ops
