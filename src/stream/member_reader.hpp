#pragma once

#include "stream/input_window.hpp"
#include "stream/member_format.hpp"
#include "stream/ordered_queue.hpp"

#include <dbbackup/stream/decoder.hpp>

#include <cstdint>
#include <exception>
#include <span>
#include <vector>

namespace dbbackup::stream {

/// Which member it is, for messages about its damage.
struct MemberPlace {
    std::uint64_t number; ///< from 1
    std::uint64_t offset; ///< in the input
};

struct MemberJob {
    MemberPlace place;
    InputWindow::Cut member;
};

/// A block, or the exception thrown instead.
struct Outcome {
    Block block;
    std::exception_ptr failure;
};

using MemberQueue = OrderedQueue<MemberJob, Outcome>;

[[nodiscard]] DamagedMember damaged_member(const MemberFormat& format, MemberPlace place,
                                           const Flaw& flaw, std::vector<std::byte> salvaged = {},
                                           std::uint64_t doubtful = 0);

/// What a damaged member holds before its flaw, at most k_block_size bytes.
[[nodiscard]] std::vector<std::byte> salvage(const MemberFormat& format, base::Bytes member);

/// Reads an input to its end, on one thread, and feeds a queue from it. Errors go into the queue
/// too, after everything before them, and end it.
class MemberReader {
public:
    MemberReader(Source& input, MemberQueue& queue, BlockPool& pool)
        : source_(input), input_(input), queue_(queue), pool_(pool) {}

    /// Passes the input on in blocks, unchanged.
    void copy() noexcept;
    /// Makes small members jobs, and decompresses any other here, in blocks.
    void read_members(const MemberFormat& format) noexcept;

private:
    template <typename Work>
    void feed(Work work) noexcept;
    void read_each_member(const MemberFormat& format);
    void read_member(const MemberFormat& format, MemberStream& stream, MemberPlace place);
    void stream_member(const MemberFormat& format, MemberStream& stream, MemberPlace place);

    [[nodiscard]] std::span<std::byte> room();
    void add(std::size_t size);
    void push_plain();

    Source& source_;
    InputWindow input_;
    MemberQueue& queue_;
    BlockPool& pool_;
    Block plain_; ///< not yet in the queue; without capacity if there is none
};

} // namespace dbbackup::stream
