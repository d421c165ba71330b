#pragma once

#include <dbbackup/ops/context.hpp>

#include <string>
#include <vector>

namespace dbbackup::ops {

/// The public keys that `words` mean, each once: keys of age ("age1…") or OpenSSH ("ssh-ed25519 …",
/// "ssh-rsa …") without their comments, or files of them, one a line. age itself has tried each.
/// Throws base::Error{usage} for anything else; a secret key is refused and never repeated. Throws
/// {failed} if age is not installed.
[[nodiscard]] std::vector<std::string> parse_recipients(const std::vector<std::string>& words,
                                                        const Context& context);

} // namespace dbbackup::ops
