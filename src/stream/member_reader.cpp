#include "stream/member_reader.hpp"

#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace dbbackup::stream {

namespace {

constexpr std::size_t k_salvage_piece = 4096;

/// Ends the reader once nobody waits for its output.
struct Stopped {};

} // namespace

DamagedMember damaged_member(const MemberFormat& format, MemberPlace place, const Flaw& flaw,
                             std::vector<std::byte> salvaged, std::uint64_t doubtful) {
    return {fmt::format("{} {} at offset {} is damaged: {}", format.member_name,
                        base::with_thousands(place.number), base::with_thousands(place.offset),
                        flaw),
            place.number, place.offset, std::move(salvaged), doubtful};
}

std::vector<std::byte> salvage(const MemberFormat& format, base::Bytes member) {
    const std::unique_ptr<MemberStream> stream = format.make_stream();
    std::vector<std::byte> plain(k_block_size);
    std::size_t size = 0;
    stream->begin_member();
    while (size < plain.size()) {
        // In pieces: given a whole frame, zstd returns all or nothing.
        const base::Bytes piece = member.first(std::min(member.size(), k_salvage_piece));
        const MemberStream::Step step = stream->decode(piece, std::span{plain}.subspan(size));
        size += step.produced;
        member = member.subspan(step.consumed);
        if (step.ended || !step.flaw.empty() || step.consumed + step.produced == 0) {
            break;
        }
    }
    plain.resize(size);
    return plain;
}

void MemberReader::copy() noexcept {
    feed([this] {
        while (true) {
            const std::span<std::byte> free = room();
            const std::size_t got = source_.read(free.data(), free.size());
            if (got == 0) {
                return;
            }
            add(got);
        }
    });
}

void MemberReader::read_members(const MemberFormat& format) noexcept {
    feed([this, &format] { read_each_member(format); });
}

template <typename Work>
void MemberReader::feed(Work work) noexcept {
    Outcome last;
    try {
        work();
    } catch (const Stopped&) {
        return;
    } catch (...) {
        last.failure = std::current_exception();
    }
    if (plain_.size() > 0 && !queue_.push_result({std::move(plain_), nullptr})) {
        return;
    }
    if (last.failure && !queue_.push_result(std::move(last))) {
        return;
    }
    queue_.close();
}

void MemberReader::read_each_member(const MemberFormat& format) {
    if (input_.peek(1).empty()) {
        throw base::Error{base::ErrorKind::damaged, "the file is empty"};
    }
    const std::unique_ptr<MemberStream> stream = format.make_stream();
    MemberPlace place{1, 0};
    do {
        read_member(format, *stream, place);
        place = {place.number + 1, input_.offset()};
    } while (!input_.peek(1).empty());
}

void MemberReader::read_member(const MemberFormat& format, MemberStream& stream,
                               MemberPlace place) {
    if (!format.begins_member(input_.peek(4))) {
        throw damaged_member(format, place, "it does not begin as one");
    }
    const std::optional<std::size_t> size = format.find_whole_member(input_);
    if (!size) {
        stream_member(format, stream, place);
        return;
    }
    push_plain();
    if (!queue_.push({place, input_.cut(*size)})) {
        throw Stopped{};
    }
}

void MemberReader::stream_member(const MemberFormat& format, MemberStream& stream,
                                 MemberPlace place) {
    stream.begin_member();
    std::uint64_t produced = 0;
    while (true) {
        if (queue_.stopped()) {
            throw Stopped{}; // gigabytes of input may give no output to push
        }
        const base::Bytes in = input_.peek(1);
        const MemberStream::Step step = stream.decode(in, room());
        input_.skip(step.consumed);
        add(step.produced);
        produced += step.produced;
        if (!step.flaw.empty()) {
            throw damaged_member(format, place, step.flaw, {}, produced);
        }
        if (step.ended) {
            return;
        }
        if (in.empty() && step.produced == 0) {
            throw damaged_member(format, place, "the file ends within it");
        }
    }
}

/// Where the next plain bytes go, never empty.
std::span<std::byte> MemberReader::room() {
    if (plain_.capacity() == 0) {
        plain_ = pool_.take();
    }
    return {plain_.data() + plain_.size(), plain_.capacity() - plain_.size()};
}

/// Adds what was written to room() to the plain bytes.
void MemberReader::add(std::size_t size) {
    plain_.resize(plain_.size() + size);
    if (plain_.size() == plain_.capacity()) {
        push_plain();
    }
}

void MemberReader::push_plain() {
    if (plain_.size() > 0 && !queue_.push_result({std::exchange(plain_, Block{}), nullptr})) {
        throw Stopped{};
    }
}

} // namespace dbbackup::stream
