#include "ops/client/child_reader.hpp"

#include "ops/client/progress_report.hpp"

namespace dbbackup::ops {

namespace {

constexpr std::chrono::milliseconds k_glance{200};

} // namespace

std::size_t ChildReader::read(std::byte* buffer, std::size_t size) {
    const auto started = std::chrono::steady_clock::now();
    while (!is_abandoned_ && !is_at_end_) {
        if (const auto got = child_.read_output(buffer, size, k_glance)) {
            is_at_end_ = *got == 0;
            if (is_at_end_) {
                on_end();
            }
            return *got;
        }
        on_silence(elapsed_since(started));
    }
    return 0;
}

} // namespace dbbackup::ops
