#pragma once

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/list.hpp>
#include <dbbackup/ops/pin.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/ops/show.hpp>
#include <dbbackup/ops/status.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/store/remote.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace dbbackup::ops {

// What --from NAME does: the operations on dumps, on their copies at a remote. Each throws as
// store::Remote does, and as the operation here does. In the requests, `directory` is the dump
// directory here, where records about the remote are kept; in the reports, it is the remote's
// target.

[[nodiscard]] ListReport list_remote(const ListRequest& request,
                                     const store::RemoteSettings& remote, const Context& context);

[[nodiscard]] ShowReport show_copy(const ShowRequest& request, const store::RemoteSettings& remote,
                                   const Context& context);

/// Writes a note there: the manifest of a copy never changes.
[[nodiscard]] PinReport pin_copy(const PinRequest& request, const store::RemoteSettings& remote,
                                 const Context& context);

/// Judges the copies as `status` judges dumps.
[[nodiscard]] StatusReport judge_copies(const StatusRequest& request,
                                        const store::RemoteSettings& remote,
                                        const Context& context);

/// Adds to the `report` about the dumps here what is known of their copies. Required remotes are
/// asked, which takes half a minute each at most, and make the report unhealthy if they have no
/// recent copy; what fails is in the report. Throws base::Interrupted.
void judge_remotes(StatusReport& report, const StatusRequest& request,
                   const std::vector<store::RemoteSettings>& remotes, const Context& context);

enum class CopyCheck {
    read,   ///< reads the copy as a stream
    listed, ///< compares only what the remote says, which proves less
};

/// Verifies copies without a local file, and writes the results there as notes. Of what is sealed,
/// without an identity, only the hash is compared.
[[nodiscard]] VerifyReport verify_copies(const VerifyRequest& request, CopyCheck check,
                                         const store::RemoteSettings& remote,
                                         const Context& context);

/// Fetches each copy and does what verify() does; the results go there as notes.
[[nodiscard]] VerifyReport verify_fetched(const VerifyRequest& request,
                                          const store::RemoteSettings& remote,
                                          const Context& context);

/// prune() on copies. What another machine noted can only keep more, and so can
/// RemoteSettings::keep_at_least. Also sweeps uploads that were never finished.
[[nodiscard]] PruneReport prune_copies(const PruneRequest& request,
                                       const store::RemoteSettings& remote, const Context& context);

/// A copy that was fetched into a private directory, which is removed with it.
class FetchedCopy {
public:
    virtual ~FetchedCopy() = default;
    [[nodiscard]] virtual std::filesystem::path path() const = 0; ///< of the dump
    /// Of the copy, for messages: "offsite:backups/shop_….sql.gz".
    [[nodiscard]] virtual std::string origin() const = 0;
};

struct FetchRequest {
    std::string dump = "latest"; ///< see store::resolve_listed
    store::LatestChoice latest = {};
    store::OnlyParts only_parts = store::OnlyParts::refused;
    base::CommandLine command_line = {}; ///< for hints
};

/// Fetches a copy with its manifest, and checks that it is the file of its manifest. Throws
/// base::Error{damaged} if it is not, and {failed} if there is no room.
[[nodiscard]] std::unique_ptr<FetchedCopy> fetch_copy(const FetchRequest& request,
                                                      const store::RemoteSettings& remote,
                                                      const Context& context);

struct PullReport {
    std::string path;   ///< of the dump here
    std::string origin; ///< of the copy
    store::Manifest manifest;
    bool was_there = false; ///< the same dump was here already
};

/// Fetches a copy into the dump directory, reads it, and only then gives it its name. Nothing here
/// is overwritten.
[[nodiscard]] PullReport pull(const FetchRequest& request, const std::filesystem::path& directory,
                              const store::RemoteSettings& remote, const Context& context);

} // namespace dbbackup::ops
