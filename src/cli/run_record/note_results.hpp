#pragma once

#include "cli/run_record/run_record.hpp"

#include <dbbackup/ops/copies.hpp>
#include <dbbackup/ops/dump.hpp>
#include <dbbackup/ops/export.hpp>
#include <dbbackup/ops/import.hpp>
#include <dbbackup/ops/pin.hpp>
#include <dbbackup/ops/prune.hpp>
#include <dbbackup/ops/push.hpp>
#include <dbbackup/ops/restore.hpp>
#include <dbbackup/ops/verify.hpp>
#include <dbbackup/pg/connection_url.hpp>

namespace dbbackup::cli {

// What a command writes into the record of its run. Before it starts, the database that it is
// about, so that a failure says which; at its end, its report.

void note_target(RunRecord& record, const pg::Connection& connection);

void note(RunRecord& record, const ops::DumpReport& report);
void note(RunRecord& record, const ops::ExportReport& report);
void note(RunRecord& record, const ops::ImportReport& report);
void note(RunRecord& record, const ops::RestoreReport& report);
void note(RunRecord& record, const ops::VerifyReport& report);
void note(RunRecord& record, const ops::PruneReport& report);
void note(RunRecord& record, const ops::PinReport& report);
void note(RunRecord& record, const ops::PushReport& report);
void note(RunRecord& record, const ops::PullReport& report);

} // namespace dbbackup::cli
