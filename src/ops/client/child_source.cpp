#include "ops/client/child_source.hpp"

#include <utility>

namespace dbbackup::ops {

namespace {

constexpr std::chrono::milliseconds k_silence{200};

} // namespace

ChildSource::ChildSource(sys::ChildProcess& child, const pg::DumpScanner& scanner,
                         const ChildWatch& watch, Progress::Phase phase, OnSilence on_silence)
    : child_(child), progress_(scanner, watch, phase), on_silence_(std::move(on_silence)) {
}

std::size_t ChildSource::read(std::byte* buffer, std::size_t size) {
    const auto started = std::chrono::steady_clock::now();
    while (true) {
        const auto count = child_.read_output(buffer, size, k_silence);
        progress_.add(count.value_or(0));
        if (count) {
            return *count;
        }
        if (on_silence_) {
            on_silence_(elapsed_since(started));
        }
    }
}

} // namespace dbbackup::ops
