#pragma once

#include <string>

namespace dbbackup::store {

/// The hidden name of a file that is being uploaded as `name`; different each time, so that two
/// uploads never write to one file.
[[nodiscard]] std::string make_upload_name(const std::string& name);

} // namespace dbbackup::store
