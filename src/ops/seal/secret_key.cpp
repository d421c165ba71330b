#include <dbbackup/ops/secret_key.hpp>

#include <algorithm>
#include <cctype>
#include <string>

namespace dbbackup::ops {

bool is_secret_key(std::string_view text) {
    // Bech32 may be written in lower case too.
    std::string upper{text};
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    return upper.find("SECRET-KEY") != std::string::npos ||
           upper.find("PRIVATE KEY") != std::string::npos ||
           text.find("AGE-PLUGIN-") != std::string_view::npos;
}

} // namespace dbbackup::ops
