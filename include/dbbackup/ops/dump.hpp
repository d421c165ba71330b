#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/pg/connection_url.hpp>
#include <dbbackup/pg/dump_command.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/stream/encoder.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

enum class Pin { no, yes };

/// Why a dump is taken. A safety dump is of a state that somebody is about to leave: "latest" never
/// means it.
enum class Purpose { backup, safety };

struct DumpRequest {
    pg::Connection connection;
    std::filesystem::path directory;
    pg::DumpOptions options;
    stream::Compression compression; ///< of a plain dump
    std::optional<std::string> label;
    Pin pin = Pin::no;
    Purpose purpose = Purpose::backup;
    /// What stays of the earlier dumps of the same series once this one is taken; all, where there
    /// is none.
    std::optional<store::RetentionPolicy> retention;
};

struct DumpReport {
    std::string path; ///< of the dump file
    store::Manifest manifest;
    std::optional<PruneReport> prune; ///< where it was asked for and done
    std::string prune_problem;        ///< why it was not, although asked for
};

/// Takes one dump. When it returns, the dump is complete, matches its manifest, and both are
/// durable under their names; only then are earlier ones pruned, and what is in the way of that is
/// told, but makes no failure of the dump. When it throws, nothing new is under a final name,
/// earlier dumps are untouched, and no child, session or partial file of it is left.
[[nodiscard]] DumpReport dump(const DumpRequest& request, const Context& context);

} // namespace dbbackup::ops
