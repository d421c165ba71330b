#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/store/remote.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What became of one copy.
enum class CopyState {
    copied,     ///< and found good there
    there,      ///< the same dump was there already
    failed,     ///< it is not there, or not known to be good
    not_pushed, ///< the dump here is damaged, or has no manifest
};

/// As in JSON: "copied", "there", "failed", "not_pushed".
[[nodiscard]] std::string_view name_of(CopyState state) noexcept;

struct CopyResult {
    std::string remote;
    std::string dump; ///< its file name here
    std::string path; ///< of the copy there: "offsite:backups/shop_….sql.gz"
    CopyState state = CopyState::failed;
    std::uint64_t size = 0; ///< of the copy, bytes
    /// How it was found good: "read" (read back) or "hash" (the remote computed it); empty if it
    /// was there already.
    std::string checked_by = {};
    std::chrono::milliseconds elapsed{};
    std::string message = {}; ///< why it failed, for people; else empty
    std::string hint = {};

    [[nodiscard]] bool is_good() const noexcept {
        return state == CopyState::copied || state == CopyState::there;
    }
};

/// Which dumps to push.
enum class PushChoice {
    named,
    missing, ///< all sound dumps that are not there yet
};

struct PushRequest {
    std::filesystem::path directory;
    std::vector<std::string> dumps; ///< see store::resolve_dump; if empty, "latest"
    store::LatestChoice latest = {};
    PushChoice choice = PushChoice::named;
    std::vector<store::RemoteSettings> remotes;
    base::CommandLine command_line = {}; ///< for hints
};

struct PushReport {
    std::vector<CopyResult> copies; ///< of each dump at each remote

    [[nodiscard]] bool is_good() const noexcept;
    /// What to report if not all is good: {damaged} if a dump here is, else {not_copied}.
    [[nodiscard]] std::optional<base::Error> find_error() const;
};

/// Copies dumps to remotes. Each copy is checked there before it gets its manifest, which is read
/// back too: without it, no file there counts as a dump. Nothing there is overwritten, except an
/// upload that was not finished. What fails is in the report, and stops no other. Throws
/// base::Error if it is unclear which dumps are meant, or a remote's settings cannot be used, and
/// base::Interrupted.
[[nodiscard]] PushReport push(const PushRequest& request, const Context& context);

} // namespace dbbackup::ops
