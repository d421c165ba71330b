#include "ops/proposal.hpp"

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

} // namespace dbbackup::ops
