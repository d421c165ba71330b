#include "ops/restore/proposal.hpp"

namespace dbbackup::ops {

std::string propose(const RestoreRequest& request, const std::vector<std::string>& more) {
    const bool is_known = request.command_line.again({}) != base::CommandLine{}.again({});
    if (!is_known) {
        return base::shell_words(more);
    }
    std::vector<std::string> words{request.dump};
    words.insert(words.end(), more.begin(), more.end());
    return request.command_line.again(words);
}

std::string propose_without(const RestoreRequest& request, const std::vector<std::string>& flags,
                            const std::vector<std::string>& more) {
    RestoreRequest shorter = request;
    for (const std::string& flag : flags) {
        shorter.command_line = shorter.command_line.without(flag, flag == "--jobs" ? 1 : 0);
    }
    return propose(shorter, more);
}

} // namespace dbbackup::ops
