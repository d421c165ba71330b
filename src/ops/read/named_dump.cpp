#include "ops/read/named_dump.hpp"

#include "ops/transfer/not_an_export.hpp"

#include <dbbackup/base/text.hpp>

#include <fmt/format.h>
#include <regex>

namespace dbbackup::ops {

namespace {

std::string older_sound_dump(const store::FoundDump& found, const base::CommandLine& command_line) {
    return fmt::format("The newest sound dump before it is '{}': {}",
                       base::printable(*found.older_sound),
                       command_line.again({*found.older_sound}));
}

} // namespace

store::FoundDump find_named_dump(const store::DumpQuery& query, const Context& context) {
    require_no_export(query);
    store::FoundDump found = store::resolve_dump(query, context.clock.now());
    for (const std::string& warning : found.warnings) {
        context.listener.on_warning(warning);
    }
    const auto& manifest = found.entry.manifest;
    if (found.older_sound && manifest && manifest->found_damaged()) {
        context.listener.on_warning(fmt::format("'{}' was found damaged. {}",
                                                base::printable(found.entry.name),
                                                older_sound_dump(found, query.command_line)));
    }
    return found;
}

std::string advice_on_table(const std::string& word, const std::vector<std::string>& words,
                            const base::CommandLine& command_line) {
    constexpr std::size_t k_longest = 127; // schema and table
    static const std::regex table{R"([A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?)"};
    static const std::regex file{R"(.*\.(sql|gz|zst|dump|backup|json|jsonl|csv|tsv))"};
    return word.size() <= k_longest && std::regex_match(word, table) &&
                   !std::regex_match(word, file)
               ? fmt::format("If '{}' is a table: {}", word, command_line.again(words))
               : "";
}

base::Error with_another_dump(const base::Error& error, const store::FoundDump& found,
                              const base::CommandLine& command_line) {
    const std::string advice =
        found.older_sound ? older_sound_dump(found, command_line)
                          : fmt::format("List the other dumps: {}", command_line.another({"list"}));
    return {error.kind(), error.what(), error.hint() + (error.hint().empty() ? "" : " ") + advice};
}

} // namespace dbbackup::ops
