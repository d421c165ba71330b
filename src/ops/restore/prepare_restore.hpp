#pragma once

#include "ops/part/part_choice.hpp"
#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/target/target_server.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/pg/target.hpp>

#include <functional>
#include <string>

namespace dbbackup::ops {

/// A restore that can begin: the dump was read and is sound, the target was examined, and there are
/// no objections. Nothing is changed yet.
struct PreparedRestore {
    RestoreRequest request; ///< names the dump by its path, not by "latest", which may change
    TargetServer server;
    DumpFile file;
    CheckedDump dump;
    ChosenDump chosen; ///< the part that is restored
    pg::DropScope scope;
    std::string part;        ///< from part_of_database()
    pg::TargetSurvey survey; ///< the basis of the plan
    RestorePlan plan;
    std::string dump_id; ///< store::identity_of_dump; empty without a manifest
};

/// Calls `on_target_in_use` if the target surely holds something, before the dump is read: reading
/// can take an hour. Throws base::Error for anything that prevents the restore: {usage} and
/// {refused} as in restore_refusals.hpp, {damaged} for a dump that is not sound.
[[nodiscard]] PreparedRestore prepare_restore(const RestoreRequest& request,
                                              const std::function<void()>& on_target_in_use,
                                              const Context& context);

} // namespace dbbackup::ops
