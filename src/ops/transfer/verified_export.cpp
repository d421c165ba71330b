#include "ops/transfer/verified_export.hpp"

#include "ops/client/progress_report.hpp"
#include "ops/transfer/export_source.hpp"
#include "ops/transfer/not_an_export.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

#include <chrono>
#include <fmt/format.h>
#include <new>
#include <system_error>

namespace dbbackup::ops {

namespace {

void require_no_drill(const VerifyRequest& request, const std::string& path) {
    if (request.drill) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'{}' is an export, which cannot be restored", base::printable(path)),
            fmt::format("Leave out --restore: then it is read and checked. To see what it would "
                        "bring into a database: {}",
                        command_to_try_import(path, request.command_line))};
    }
}

void fill(VerifiedDump& result, const ExportSource& source) {
    result.database = source.description().database;
    result.size = source.size();
    result.sql_size = source.text_size();
    result.tables = source.description().tables.size();
    for (const pg::SourceTable& table : source.description().tables) {
        result.rows += table.rows;
    }
    if (!source.is_summed()) {
        result.not_checked = "it has no SHA-256: only the numbers of rows could be compared";
    }
    result.verdict = Verdict::good;
}

void conclude(VerifiedDump& result, Verdict verdict, const base::Error& error) {
    result.verdict = verdict;
    result.message = base::without_marks(error.what());
    result.hint = error.hint();
}

} // namespace

bool is_export(const VerifyRequest& request, const std::string& reference) {
    std::error_code unknown;
    const bool may_be_name = reference.find('/') == std::string::npos;
    if (may_be_name && std::filesystem::exists(request.directory / reference, unknown)) {
        return false;
    }
    return looks_like_export(reference);
}

VerifiedDump verify_export(const VerifyRequest& request, const std::string& path,
                           const Context& context) {
    require_no_drill(request, path);
    VerifiedDump result;
    result.path = path;
    result.is_export = true;
    const auto started = std::chrono::steady_clock::now();
    try {
        fill(result, *open_export(path, context));
    } catch (const base::Error& error) {
        conclude(result,
                 error.kind() == base::ErrorKind::damaged ? Verdict::damaged : Verdict::unverified,
                 error);
    } catch (const std::bad_alloc&) {
        conclude(result, Verdict::unverified, {base::ErrorKind::failed, "not enough memory"});
    }
    result.read_time = elapsed_since(started);
    return result;
}

} // namespace dbbackup::ops
