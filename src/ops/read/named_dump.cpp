#include "ops/read/named_dump.hpp"

#include "ops/seal/sealed_manifest.hpp"

#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

std::string older_sound_dump(const store::FoundDump& found, const base::CommandLine& command_line) {
    return fmt::format("The newest sound dump before it is '{}': {}",
                       base::printable(*found.older_sound),
                       command_line.again({*found.older_sound}));
}

} // namespace

store::FoundDump find_named_dump(const store::DumpQuery& query, const Context& context) {
    store::FoundDump found = store::resolve_dump(query, context.clock.now());
    for (const std::string& warning : found.warnings) {
        context.listener.on_warning(warning);
    }
    if (found.entry.manifest && found.entry.manifest->seal && context.identity) {
        found.entry.manifest = open_sealed_manifest(
            *found.entry.manifest, store::manifest_name_of(found.entry.name), context);
    }
    const auto& manifest = found.entry.manifest;
    if (found.older_sound && manifest && manifest->found_damaged()) {
        context.listener.on_warning(fmt::format("'{}' was found damaged. {}",
                                                base::printable(found.entry.name),
                                                older_sound_dump(found, query.command_line)));
    }
    return found;
}

base::Error with_another_dump(const base::Error& error, const store::FoundDump& found,
                              const base::CommandLine& command_line) {
    const std::string advice =
        found.older_sound ? older_sound_dump(found, command_line)
                          : fmt::format("List the other dumps: {}", command_line.another({"list"}));
    return {error.kind(), error.what(), error.hint() + (error.hint().empty() ? "" : " ") + advice};
}

} // namespace dbbackup::ops
