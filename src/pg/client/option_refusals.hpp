#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// Throws base::Error{usage}.
[[noreturn]] void refuse_option(const std::string& option, std::string_view why);

/// Throws base::Error{usage} if pg_dump's `arguments`, each in full, leave nothing to restore, or
/// make rows less exact than they are.
void require_content(const std::vector<std::string>& arguments);

} // namespace dbbackup::pg
