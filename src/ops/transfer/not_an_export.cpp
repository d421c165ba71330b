#include "ops/transfer/not_an_export.hpp"

#include "ops/transfer/export_header.hpp"
#include "ops/transfer/export_source.hpp"
#include "ops/transfer/text_reader.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/script_origin.hpp>
#include <dbbackup/sys/fd.hpp>

#include <algorithm>
#include <cctype>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <sstream>
#include <system_error>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_beginning = std::size_t{64} << 10;

[[noreturn]] void fail(const std::string& what, const std::string& hint) {
    throw base::Error{base::ErrorKind::failed, what, hint};
}

std::string shown(const std::filesystem::path& path) {
    return base::printable(path.native());
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// Also if it is compressed: rows.csv.gz.
bool is_named_csv(const std::filesystem::path& path) {
    static const std::regex named{R"(.*\.(csv|tsv)(\.(gz|zst))?)"};
    return std::regex_match(lower(path.filename().string()), named);
}

bool is_regular(const std::filesystem::path& path) {
    std::error_code unknown;
    return std::filesystem::is_regular_file(path, unknown);
}

std::string beginning_of(const std::filesystem::path& path) {
    const sys::Fd fd{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    try {
        return fd ? beginning_of_text(fd.get(), k_beginning) : "";
    } catch (const std::bad_alloc&) {
        return {}; // what another program compressed may need more memory than there is
    }
}

std::string hint_for_csv(const base::CommandLine& command_line) {
    return fmt::format("An export as CSV is a directory: a file for each table, and {}, which says "
                       "what they hold. Name that directory. To make one: {}",
                       k_csv_manifest, command_line.another({"export", "--format", "csv"}));
}

void require_no_file_of_csv_export(const std::filesystem::path& path,
                                   const base::CommandLine& command_line) {
    const auto directory = path.has_parent_path() ? path.parent_path() : ".";
    if (!is_regular(path) || !looks_like_export(directory)) {
        return;
    }
    static const std::regex plain_table{R"([a-z0-9_]+\.[a-z0-9_]+)"};
    const std::string table = path.stem();
    fail(fmt::format("'{}' is one file of the export '{}'", shown(path), shown(directory)),
         fmt::format("Name the directory: {}{}", command_line.again({directory.string()}),
                     path.extension() == ".csv" && std::regex_match(table, plain_table)
                         ? fmt::format(". For this table alone, add: -t {}", table)
                         : ""));
}

void require_no_other_csv(const std::filesystem::path& path,
                          const base::CommandLine& command_line) {
    if (is_regular(path)) {
        if (is_named_csv(path)) {
            fail(fmt::format("'{}' is a single CSV file, which says neither the table of its rows "
                             "nor their types",
                             shown(path)),
                 hint_for_csv(command_line));
        }
        return;
    }
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator{path, error}) {
        if (is_named_csv(file.path())) {
            fail(fmt::format("'{}' is not an export: it has no {}", shown(path), k_csv_manifest),
                 hint_for_csv(command_line));
        }
    }
}

/// Where the report of an export says that the rows are.
std::optional<std::string> find_reported_path(const std::string& text) {
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t before = line.find(" to ");
        if (line.starts_with("exported ") && before != std::string::npos) {
            return line.substr(before + 4);
        }
    }
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const bool is_report = json.is_object() && json.value("result", nlohmann::json{}) == "exported";
    const auto path = is_report ? json.find("path") : json.end();
    return path != json.end() && path->is_string() ? std::optional{path->get<std::string>()}
                                                   : std::nullopt;
}

void require_no_report(const std::filesystem::path& path, const std::string& text,
                       const base::CommandLine& command_line) {
    if (const auto rows = find_reported_path(text)) {
        fail(fmt::format("'{}' has what export printed, not the rows: these are in '{}'",
                         shown(path), base::printable(*rows)),
             fmt::format("Name that file: {}", command_line.again({*rows})));
    }
}

} // namespace

std::string command_to_try_import(const std::string& path, const base::CommandLine& command_line) {
    return command_line.another({"import", path, "--mode", "add", "--dry-run"});
}

void require_no_export(const store::DumpQuery& query) {
    std::filesystem::path path = query.reference;
    std::error_code unknown;
    if (!path.has_parent_path() && std::filesystem::exists(query.directory / path, unknown)) {
        path = query.directory / path;
    }
    if (looks_like_export(path)) {
        fail(fmt::format("'{}' is an export, not a dump: it has rows only", shown(path)),
             fmt::format("To see what it would bring back into the tables of the database: {}. To "
                         "check it: {}",
                         command_to_try_import(path, query.command_line),
                         query.command_line.another({"verify", path})));
    }
}

void require_no_likeness_of_export(const std::filesystem::path& path,
                                   const base::CommandLine& command_line) {
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown)) {
        return;
    }
    const std::string text = is_regular(path) ? beginning_of(path) : "";
    pg::ScriptOriginFinder origin;
    (void)origin.look(text);
    if (!text.empty() && (origin.origin() == pg::ScriptOrigin::pg_dump ||
                          origin.origin() == pg::ScriptOrigin::binary)) {
        return;
    }
    require_no_file_of_csv_export(path, command_line);
    require_no_other_csv(path, command_line);
    require_no_report(path, text, command_line);
    const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first != std::string::npos && (text[first] == '{' || text[first] == '[')) {
        fail(fmt::format("'{}' is JSON, but not an export of dbbackup", shown(path)),
             fmt::format("import takes dumps, and what this command writes: {}",
                         command_line.another({"export"})));
    }
}

} // namespace dbbackup::ops
