#pragma once

#include <dbbackup/ops/context.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What a command that restores a sealed dump needs: the identity at hand, or a word that says what
/// is missing.
[[nodiscard]] inline std::vector<std::string> identity_words(const Context& context) {
    return {"--identity", context.identity
                              ? std::filesystem::absolute(context.identity->path()).string()
                              : std::string{"FILE"}};
}

/// Before a change whose way back is a sealed dump, and there is no identity.
inline constexpr const char* k_way_back_is_sealed =
    "the dump to go back to is sealed: going back will need an identity of one of its recipients "
    "(--identity FILE)";

} // namespace dbbackup::ops
