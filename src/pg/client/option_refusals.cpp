#include "pg/client/option_refusals.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace dbbackup::pg {

namespace {

constexpr std::string_view k_section = "--section=";
constexpr std::string_view k_section_of_rows = "--section=data";

[[noreturn]] void refuse_nothing(const std::string& one, const std::string& other) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("{} and {} together leave nothing to restore in the dump", one, other),
        "Leave out one of them, or both for a whole dump."};
}

/// Throws base::Error{usage} if `arguments`, each in full, leave out all that there is.
void require_some_content(const std::vector<std::string>& arguments) {
    static constexpr auto k_without_schema =
        std::to_array<std::string_view>({"--data-only", "--no-schema"});
    static constexpr auto k_without_rows =
        std::to_array<std::string_view>({"--schema-only", "--no-data"});
    const auto without_schema = std::ranges::find_first_of(arguments, k_without_schema);
    const auto without_rows = std::ranges::find_first_of(arguments, k_without_rows);
    if (without_schema != arguments.end() && without_rows != arguments.end()) {
        refuse_nothing(*without_schema, *without_rows);
    }
    // Rows and the values of sequences are in section data, and all else is in the two others.
    const auto other_section = std::ranges::find_if(arguments, [](const std::string& argument) {
        return argument.starts_with(k_section) && argument != k_section_of_rows;
    });
    const bool has_rows_section = std::ranges::count(arguments, k_section_of_rows) > 0;
    if (without_schema != arguments.end() && other_section != arguments.end() &&
        !has_rows_section) {
        refuse_nothing(*without_schema, *other_section);
    }
    if (without_rows != arguments.end() && has_rows_section && other_section == arguments.end() &&
        std::ranges::count(arguments, "--sequence-data") == 0) {
        refuse_nothing(*without_rows, std::string{k_section_of_rows});
    }
}

/// Since PostgreSQL 12, 1 to 3 write each digit that is needed to read the same number again.
/// pg_dump itself uses 3.
void require_all_digits(const std::vector<std::string>& arguments) {
    static constexpr auto k_exact = std::to_array<std::string_view>(
        {"--extra-float-digits=1", "--extra-float-digits=2", "--extra-float-digits=3"});
    for (const std::string& argument : arguments) {
        if (argument.starts_with("--extra-float-digits=") &&
            std::ranges::count(k_exact, argument) == 0) {
            refuse_option(argument, "only with 1, 2 or 3 no floating-point number loses digits");
        }
    }
}

} // namespace

void refuse_option(const std::string& option, std::string_view why) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("'{}' cannot be passed to pg_dump: {}", base::printable(option), why),
        "Leave it out. Everything else after -- is passed on."};
}

void require_content(const std::vector<std::string>& arguments) {
    require_some_content(arguments);
    require_all_digits(arguments);
}

} // namespace dbbackup::pg
