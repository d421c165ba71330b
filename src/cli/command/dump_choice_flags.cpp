#include "cli/command/dump_choice_flags.hpp"

#include "cli/command_line/secret_words.hpp"

#include <dbbackup/base/moment.hpp>
#include <dbbackup/pg/connection_url.hpp>

#include <algorithm>

namespace dbbackup::cli {

namespace {

constexpr const char* k_before = "--before";
constexpr const char* k_accept_partial = "--accept-partial";

} // namespace

void DumpChoiceFlags::add_to(CLI::App& app, const std::string& accept_partial_text) {
    app.add_option(k_before, before,
                   "Only dumps started before TIME count for latest (today, 2026-11-20, "
                   "'2026-11-20 14:30', 2h, 3d)")
        ->type_name("TIME")
        ->configurable(false);
    app.add_flag(k_accept_partial, accept_partial, accept_partial_text)->configurable(false);
}

bool DumpChoiceFlags::is_one(const CLI::App& command, const std::string& name) {
    const bool chooses_dump = command.get_option_no_throw(k_before) != nullptr;
    return chooses_dump && (name == k_before || name == k_accept_partial || name == "--database" ||
                            name == "--label");
}

store::LatestChoice DumpChoiceFlags::to_choice(const std::vector<std::string>& dumps,
                                               const Settings& settings) const {
    store::LatestChoice choice{.database = std::nullopt,
                               .before = std::nullopt,
                               .partial_dumps = accept_partial ? store::PartialDumps::accepted
                                                               : store::PartialDumps::ignored};
    for (const std::string& dump : dumps) {
        require_no_url(dump, "a dump");
    }
    const bool has_latest = std::ranges::any_of(
        dumps, [](const std::string& dump) { return store::find_latest_number(dump).has_value(); });
    if (has_latest && settings.url()) {
        choice.database = pg::parse_connection_url(*settings.url()).database;
    }
    choice.only_named = settings.named_database();
    if (before) {
        choice.before = base::parse_moment(*before, base::system_clock().now());
    }
    return choice;
}

} // namespace dbbackup::cli
