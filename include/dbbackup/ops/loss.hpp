#pragma once

#include <dbbackup/base/clock.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// How much less than the one before a dump may hold. At the limit, it is still all right.
struct LossLimits {
    unsigned max_shrink = 50;   ///< percent of the file's size
    unsigned max_row_loss = 50; ///< percent of the rows
};

/// A database that is perhaps no longer the one that was dumped before.
struct Loss {
    store::Identity identity;
    std::string dump;   ///< the first after it
    std::string before; ///< the dump before it, which still has everything; empty if it is gone
    /// What changed, for people; names of migrations are marked as outside text.
    std::vector<std::string> changes;

    /// "shop on db:5432: since 'NAME', WHAT; WHAT".
    [[nodiscard]] std::string text() const;
};

/// The databases of `dumps` that a whole dump differs from the one before in a way that nobody has
/// accepted since: another server or another database, an earlier migration, or much less in it. By
/// the manifests alone, and pure. Of each database the first such dump; by identity.
///
/// A dump says itself what was before it (Manifest::before), as of when it was taken: so neither
/// pruning nor a wrong clock makes two dumps consecutive that were not, and an earlier dump of ours
/// that records nothing concludes nothing. What is unknown is no change. Dumps of the future,
/// parts, safety dumps and foreign dumps do not count.
[[nodiscard]] std::vector<Loss> find_losses(const std::vector<store::DumpEntry>& dumps,
                                            const LossLimits& limits, base::UtcTime now);

/// Of that database; nothing if there is none.
[[nodiscard]] const Loss* find_loss_of(const std::vector<Loss>& losses,
                                       const store::Identity& identity);

/// When somebody last accepted what had changed in that database until then.
[[nodiscard]] std::optional<base::UtcTime>
find_acceptance(const std::vector<store::DumpEntry>& dumps, const store::Identity& identity);

/// The dump of that database whose manifest is the newest that prune never removes; nothing if
/// there is none. What concerns the database after it is recorded there.
[[nodiscard]] const store::DumpEntry*
find_recording_dump(const std::vector<store::DumpEntry>& dumps, const store::Identity& identity,
                    base::UtcTime now);

/// What a new dump of that database has to record of the time before it.
[[nodiscard]] std::optional<store::Manifest::Before>
find_before(const std::vector<store::DumpEntry>& dumps, const store::Identity& identity,
            base::UtcTime now);

} // namespace dbbackup::ops
