#include <dbbackup/pg/close_public.hpp>

namespace dbbackup::pg {

std::optional<std::string> close_public(const DumpedPublic& in_dump, const DumpedPublic& restored,
                                        int version_number) {
    constexpr int k_version_with_closed_public = 150000;
    const bool is_named = in_dump.owner || in_dump.comment || !in_dump.privileges.empty();
    return is_named && restored.starts_closed && version_number < k_version_with_closed_public
               ? std::optional<std::string>{"revoke create on schema public from public"}
               : std::nullopt;
}

} // namespace dbbackup::pg
