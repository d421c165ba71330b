#include <dbbackup/sys/core_dumps.hpp>

#include <optional>
#include <sys/resource.h>

namespace dbbackup::sys {

namespace {

// A global, as limits apply to the process.
std::optional<rlimit> callers_limit;

} // namespace

void forbid_core_dumps() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_CORE, &limit) == 0) {
        callers_limit = limit;
        limit.rlim_cur = 0; // the hard limit stays, so that this can be undone
        ::setrlimit(RLIMIT_CORE, &limit);
    }
}

CallersCoreLimit::CallersCoreLimit() noexcept {
    if (callers_limit) {
        ::setrlimit(RLIMIT_CORE, &*callers_limit);
    }
}

CallersCoreLimit::~CallersCoreLimit() {
    if (callers_limit) {
        const rlimit none{.rlim_cur = 0, .rlim_max = callers_limit->rlim_max};
        ::setrlimit(RLIMIT_CORE, &none);
    }
}

} // namespace dbbackup::sys
