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

/// A restore that can begin: the dump is read and sound, the target was looked at, and nothing
/// speaks against it. Nothing is changed yet.
struct PreparedRestore {
    RestoreRequest request; ///< names the dump by its path, whatever "latest" is by now
    TargetServer server;
    DumpFile file;
    CheckedDump dump;
    ChosenDump chosen; ///< what of it is restored
    pg::DropScope scope;
    std::string part;        ///< as part_of_database() has it
    pg::TargetSurvey survey; ///< what the plan was made from
    RestorePlan plan;
};

/// Calls `on_target_in_use` if the target surely holds something, before the dump is read: reading
/// can take an hour. Throws base::Error for whatever is against the restore: {usage} and {refused}
/// as restore_refusals.hpp has them, {damaged} for a dump that is not sound.
[[nodiscard]] PreparedRestore prepare_restore(const RestoreRequest& request,
                                              const std::function<void()>& on_target_in_use,
                                              const Context& context);

} // namespace dbbackup::ops
