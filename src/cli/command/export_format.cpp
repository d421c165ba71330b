#include "cli/command/export_format.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

[[noreturn]] void throw_usage(const std::string& message, const std::string& hint) {
    throw base::Error{base::ErrorKind::usage, message, hint};
}

struct Ending {
    std::string_view text;
    ops::ExportFormat format;
    bool compressed;
};

constexpr auto k_endings = std::to_array<Ending>({
    {".json", ops::ExportFormat::json, false},
    {".json.gz", ops::ExportFormat::json, true},
    {".jsonl", ops::ExportFormat::jsonl, false},
    {".jsonl.gz", ops::ExportFormat::jsonl, true},
    {".ndjson", ops::ExportFormat::jsonl, false},
    {".ndjson.gz", ops::ExportFormat::jsonl, true},
    {".csv", ops::ExportFormat::csv, false},
});

ops::ExportFormat format_named(const std::string& name) {
    return name == "csv"     ? ops::ExportFormat::csv
           : name == "jsonl" ? ops::ExportFormat::jsonl
                             : ops::ExportFormat::json;
}

} // namespace

void choose_export_format(const std::optional<std::string>& format, ops::ExportRequest& request) {
    if (format) {
        request.format = format_named(*format);
    }
    if (!request.output) {
        request.compressed = !request.to_stdout && request.format != ops::ExportFormat::csv;
        if (request.to_stdout && request.format == ops::ExportFormat::csv) {
            throw_usage("CSV is a directory of files, and cannot go to stdout",
                        "Choose --format json or jsonl.");
        }
        return;
    }
    const std::string name = request.output->filename();
    if (name.empty()) {
        throw_usage(
            fmt::format("'{}' names no file (--output)", base::printable(request.output->native())),
            "Write the name of the new file, too.");
    }
    const auto* ending = std::ranges::find_if(
        k_endings, [&name](const Ending& one) { return name.ends_with(one.text); });
    request.compressed = name.ends_with(".gz");
    if (ending != k_endings.end()) {
        if (format && request.format != ending->format) {
            throw_usage(fmt::format("--format {} does not fit the name '{}'", *format,
                                    base::printable(name)),
                        "Leave out --format, or choose another name.");
        }
        request.format = ending->format;
    }
    if (request.compressed && request.format == ops::ExportFormat::csv) {
        throw_usage("CSV is a directory of files, which is not compressed",
                    "Choose a name without .gz.");
    }
    if (ending == k_endings.end() && !format) {
        throw_usage(
            fmt::format("the name '{}' does not say which format is meant", base::printable(name)),
            "End it in .json.gz, .json, .jsonl.gz, .jsonl or .csv, or choose the format "
            "with --format.");
    }
}

} // namespace dbbackup::cli
