#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// A row of libpq's table of connection options.
struct LibpqOption {
    std::string keyword;
    std::string variable; ///< the environment variable it is read from, or empty
    bool secret = false;  ///< never to be shown, logged or put on a command line
};

/// The table of the linked libpq. Reads neither environment nor files.
[[nodiscard]] const std::vector<LibpqOption>& libpq_options();

/// The option named `keyword`, or null.
[[nodiscard]] const LibpqOption* find_libpq_option(std::string_view keyword);

/// The same, but null if the option is not secret.
[[nodiscard]] const LibpqOption* find_secret_option(std::string_view keyword);

} // namespace dbbackup::pg
