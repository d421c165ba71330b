#include "ops/named_dump.hpp"

namespace dbbackup::ops {

store::FoundDump find_named_dump(const std::filesystem::path& directory,
                                 const std::string& reference,
                                 const std::optional<std::string>& database, Listener& listener,
                                 const base::Clock& clock, store::Match match) {
    store::FoundDump found =
        store::resolve_dump(directory, reference, database, clock.now(), match);
    for (const std::string& warning : found.warnings) {
        listener.on_warning(warning);
    }
    return found;
}

} // namespace dbbackup::ops
