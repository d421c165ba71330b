#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/loss.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/ops/push.hpp>
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

/// Why a dump is taken. A safety dump holds a state that is about to be replaced: "latest" never
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
    /// Which earlier dumps of the same series to keep after this one; all, if not set.
    std::optional<store::RetentionPolicy> retention;
    /// Where to copy the dump once it is good here. If a copy fails, nothing is pruned.
    std::vector<store::RemoteSettings> remotes = {};
    /// Seal it for these (see parse_recipients); if empty, it is not sealed. With an identity at
    /// hand it is read back before it gets its name.
    std::vector<std::string> recipients = {};
    LossLimits loss_limits = {};
    base::CommandLine command_line = {}; ///< for hints
};

struct DumpReport {
    std::string path; ///< of the dump file
    store::Manifest manifest;
    std::optional<PruneReport> prune; ///< if requested and done
    std::string prune_problem;        ///< why it was not done although requested
    std::vector<CopyResult> copies = {};
    std::optional<Loss> loss = std::nullopt; ///< of this database, not accepted yet

    /// {not_copied} if the dump is good but a copy is not.
    [[nodiscard]] std::optional<base::Error> find_copy_error() const;
};

/// Takes one dump. When it returns, the dump is complete, matches its manifest, and both are
/// durable under their names. Only then is it copied to the remotes, and then are earlier dumps
/// pruned; if that fails, it is reported, but the dump does not fail. When it throws, nothing new
/// has a final name, earlier dumps are untouched, and it leaves no child, session or partial file.
[[nodiscard]] DumpReport dump(const DumpRequest& request, const Context& context);

} // namespace dbbackup::ops
