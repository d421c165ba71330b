#include "ops/read/named_dump.hpp"

#include "ops/read/file_hash.hpp"
#include "ops/read/manifest_difference.hpp"
#include "ops/seal/sealed_manifest.hpp"
#include "ops/transfer/not_an_export.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/damage.hpp>

#include <fmt/format.h>
#include <regex>

namespace dbbackup::ops {

namespace {

std::string older_sound_dump(const store::FoundDump& found, const base::CommandLine& command_line) {
    return fmt::format("The newest sound dump before it is '{}': {}",
                       base::printable(*found.older_sound),
                       command_line.again({*found.older_sound}));
}

/// That a file is not what it was is worse to know than that this identity opens nothing.
void require_unchanged(const store::FoundDump& found) {
    const sys::Fd file = found.directory.files().open_file(found.entry.name);
    const std::string path = base::printable(found.directory.files().path_of(found.entry.name));
    const FileSum sum = FileHash{file.get(), path}.finish_unless_interrupted();
    const auto differences = differences_of_file(
        *found.entry.manifest, {.sha256 = sum.sha256, .size = sum.size, .sql_bytes = 0});
    if (!differences.empty()) {
        throw DamagedDump{fmt::format("'{}' is damaged, or not the dump of its manifest: it {}",
                                      path, differences.front().text),
                          "Use another dump.",
                          {}};
    }
}

store::Manifest open_record(const store::FoundDump& found, const Context& context) {
    try {
        return open_sealed_manifest(*found.entry.manifest,
                                    store::manifest_name_of(found.entry.name), context);
    } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::usage) {
            require_unchanged(found);
        }
        throw;
    }
}

} // namespace

store::FoundDump find_named_dump(const store::DumpQuery& query, const Context& context) {
    require_no_export(query);
    store::FoundDump found = store::resolve_dump(query, context.clock.now());
    for (const std::string& warning : found.warnings) {
        context.listener.on_warning(warning);
    }
    if (found.entry.manifest && found.entry.manifest->seal && context.identity) {
        found.entry.manifest = open_record(found, context);
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
