#include "pg/client/option_refusals.hpp"
#include "pg/sql/client_encoding.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_command.hpp>
#include <dbbackup/pg/pg_dump_options.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>
#include <string_view>

namespace dbbackup::pg {

namespace {

/// The first pg_dump whose -Z takes a method by name.
constexpr int k_named_compression_major = 16;

struct RefusedOption {
    std::string_view name;
    char letter; ///< or 0
    std::string_view why;
};

constexpr std::string_view k_where = "dbbackup itself decides where the dump goes";
constexpr std::string_view k_format = "choose the format with dbbackup's own -F and -Z";
constexpr std::string_view k_connection = "only the URL says which database is dumped";
constexpr std::string_view k_statistics =
    "statistics alone bring back neither tables nor rows; --statistics adds them to a dump";
constexpr std::string_view k_rows =
    "rows written as INSERT statements could not be counted and proven; COPY is also faster";

constexpr std::array k_refused{
    RefusedOption{"file", 'f', k_where},
    RefusedOption{"format", 'F', k_format},
    RefusedOption{"compress", 'Z', k_format},
    RefusedOption{"jobs", 'j', "it needs pg_dump's directory format, which is not a file"},
    RefusedOption{"dbname", 'd', k_connection},
    RefusedOption{"host", 'h', k_connection},
    RefusedOption{"port", 'p', k_connection},
    RefusedOption{"username", 'U', k_connection},
    RefusedOption{"password", 'W', "it would prompt, and nobody can answer"},
    RefusedOption{"create", 'C', "the dump could then be restored under its old name only"},
    RefusedOption{"inserts", 0, k_rows},
    RefusedOption{"column-inserts", 0, k_rows},
    RefusedOption{"attribute-inserts", 0, k_rows},
    RefusedOption{"rows-per-insert", 0, k_rows},
    RefusedOption{"on-conflict-do-nothing", 0, k_rows},
    RefusedOption{"statistics-only", 0, k_statistics},
    RefusedOption{"binary-upgrade", 0,
                  "it is for pg_upgrade only: no restore may run what it writes"},
    RefusedOption{"help", '?', "it writes no dump"},
    RefusedOption{"version", 'V', "it writes no dump"},
};

/// pg_dump's one-letter options that take a value; the rest of the word may be that value.
constexpr std::string_view k_letters_with_value = "eEnNStT";

/// Letters may be bundled up to the first that takes a value: -Ot orders.
constexpr std::string_view k_letters_that_end_a_bundle = "EfFjnNSTtUWZdehp";

constexpr std::array k_table_filters = std::to_array<std::string_view>(
    {"--table", "--table-and-children", "--exclude-table", "--exclude-table-and-children",
     "--filter", "--extension", "--data-only", "--section", "--statistics-only", "--no-schema"});

/// Objects outside schemas too.
constexpr std::array k_schema_filters =
    std::to_array<std::string_view>({"--schema", "--exclude-schema", "--exclude-extension"});

/// The letters of `argument`, if it is a bundle of them.
std::string_view letters_of(std::string_view argument) {
    const bool is_bundle = argument.starts_with('-') && !argument.starts_with("--");
    return is_bundle ? argument.substr(1, argument.find_first_of(k_letters_that_end_a_bundle, 1))
                     : std::string_view{};
}

/// Manifests of earlier versions of dbbackup may have abbreviations. An option's full name is never
/// one: --statistics does not mean --statistics-only.
bool is_one_of(std::span<const std::string_view> options, std::string_view argument) {
    const std::string_view name = argument.substr(0, argument.find('='));
    const bool in_full = is_option_name(name);
    return std::ranges::any_of(options, [name, in_full](std::string_view option) {
        return in_full ? option == name
                       : name.starts_with("--") && name.size() > 2 && option.starts_with(name);
    });
}

/// getopt accepts any unambiguous abbreviation, and prefers a full name.
void require_harmless_long(std::string_view argument) {
    const std::string_view name = argument.substr(0, argument.find('='));
    const std::vector<std::string> meant = find_options(name);
    const auto refused = std::ranges::find_if(k_refused, [&meant](const RefusedOption& option) {
        return std::ranges::count(meant, fmt::format("--{}", option.name)) > 0;
    });
    if (refused == k_refused.end()) {
        return;
    }
    if (meant.size() == 1) {
        refuse_option(meant.front(), refused->why);
    }
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("'{}' is ambiguous: it could mean {}", base::printable(name),
                    fmt::join(meant, ", ")),
        fmt::format("Write the option in full. --{} cannot be passed to pg_dump.", refused->name)};
}

void require_harmless_letters(std::string_view argument) {
    for (const char letter : argument.substr(1)) {
        for (const RefusedOption& refused : k_refused) {
            if (refused.letter == letter) {
                refuse_option(std::string{"-"} + letter, refused.why);
            }
        }
        if (k_letters_with_value.find(letter) != std::string_view::npos) {
            return;
        }
    }
}

void require_safe_encoding(const std::vector<std::string>& extra) {
    for (std::size_t i = 0; i < extra.size(); ++i) {
        std::string_view value;
        if (extra[i] == "-E" || extra[i] == "--encoding") {
            value = i + 1 < extra.size() ? std::string_view{extra[i + 1]} : std::string_view{};
        } else if (extra[i].starts_with("--enc") && extra[i].find('=') != std::string::npos) {
            value = std::string_view{extra[i]}.substr(extra[i].find('=') + 1);
        } else if (extra[i].starts_with("-E")) {
            value = std::string_view{extra[i]}.substr(2);
        }
        if (is_unsafe_encoding(value)) {
            refuse_option(extra[i], "SQL in that encoding cannot be read safely; UTF8 can");
        }
    }
}

std::string archive_compression_argument(const std::string& wanted, int major) {
    if (major >= k_named_compression_major) {
        return "--compress=" + wanted;
    }
    if (wanted == "none") {
        return "--compress=0";
    }
    if (wanted.starts_with("gzip")) {
        const std::size_t colon = wanted.find(':');
        return "--compress=" + (colon == std::string::npos ? "6" : wanted.substr(colon + 1));
    }
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("pg_dump {} cannot write a custom archive with {}", major, wanted),
        "Use -Z gzip, or -F plain, where dbbackup itself compresses."};
}

void add_each(std::vector<std::string>& arguments, std::string_view option,
              const std::vector<std::string>& values) {
    for (const std::string& value : values) {
        arguments.push_back(fmt::format("{}={}", option, value));
    }
}

} // namespace

bool DumpOptions::unfiltered() const {
    return tables.empty() && excluded_tables.empty() && schemas.empty() &&
           excluded_schemas.empty() && excluded_table_data.empty() &&
           sections != DumpSections::schema_only && extra.empty();
}

bool is_table_filter(std::string_view argument) {
    return letters_of(argument).find_first_of("tTea") != std::string_view::npos ||
           is_one_of(k_table_filters, argument);
}

bool is_filter(std::string_view argument) {
    return is_table_filter(argument) ||
           letters_of(argument).find_first_of("nN") != std::string_view::npos ||
           is_one_of(k_schema_filters, argument);
}

void require_harmless(const std::vector<std::string>& extra) {
    for (const std::string& argument : extra) {
        if (argument.find("://") != std::string::npos) {
            // Not repeated: it may hold a password, which pg_dump's arguments would show to
            // everyone.
            throw base::Error{base::ErrorKind::usage, "a URL cannot be passed to pg_dump after --",
                              "Put the URL into DATABASE_URL or after --url."};
        }
        if (argument.starts_with("--")) {
            require_harmless_long(argument);
        } else if (argument.starts_with('-')) {
            require_harmless_letters(argument);
        }
    }
    require_safe_encoding(extra);
}

std::vector<std::string> dump_arguments(const DumpOptions& options, int major) {
    std::vector<std::string> arguments;
    arguments.emplace_back(options.format == DumpFormat::custom ? "--format=custom"
                                                                : "--format=plain");
    if (options.format == DumpFormat::custom && options.archive_compression) {
        arguments.push_back(archive_compression_argument(*options.archive_compression, major));
    }
    add_each(arguments, "--table", options.tables);
    add_each(arguments, "--exclude-table", options.excluded_tables);
    add_each(arguments, "--schema", options.schemas);
    add_each(arguments, "--exclude-schema", options.excluded_schemas);
    add_each(arguments, "--exclude-table-data", options.excluded_table_data);
    if (options.sections != DumpSections::all) {
        arguments.emplace_back(options.sections == DumpSections::schema_only ? "--schema-only"
                                                                             : "--data-only");
    }
    if (options.no_owner) {
        arguments.emplace_back("--no-owner");
    }
    if (options.no_privileges) {
        arguments.emplace_back("--no-privileges");
    }
    if (options.lock_wait_timeout) {
        arguments.push_back(
            fmt::format("--lock-wait-timeout={}", options.lock_wait_timeout->count()));
    }
    for (std::string& option : spell_out_options(options.extra, major)) {
        arguments.push_back(std::move(option));
    }
    require_content(arguments);
    return arguments;
}

} // namespace dbbackup::pg
