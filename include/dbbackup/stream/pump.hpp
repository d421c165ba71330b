#pragma once

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/stream/block.hpp>

#include <initializer_list>

namespace dbbackup::stream {

/// Where bytes come from.
class Source {
public:
    virtual ~Source() = default;
    /// Reads up to `size` bytes, blocking for at least one; 0 at the end. Throws base::Error.
    [[nodiscard]] virtual std::size_t read(std::byte* buffer, std::size_t size) = 0;
};

/// Sees bytes as they pass, and changes nothing.
class Observer {
public:
    virtual ~Observer() = default;
    virtual void observe(base::Bytes bytes) = 0;
};

/// Where bytes go. Nothing counts as written before finish() has returned.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void write(base::Bytes bytes) = 0;
    virtual void finish() = 0;
};

/// Shows bytes to `observer` on their way to `next`.
class ObservedSink : public Sink {
public:
    ObservedSink(Sink& next, Observer& observer) : next_(next), observer_(observer) {}

    void write(base::Bytes bytes) override {
        observer_.observe(bytes);
        next_.write(bytes);
    }

    void finish() override { next_.finish(); }

private:
    Sink& next_;
    Observer& observer_;
};

/// Shows bytes to `observer` as they come from `next`.
class ObservedSource : public Source {
public:
    ObservedSource(Source& next, Observer& observer) : next_(next), observer_(observer) {}

    [[nodiscard]] std::size_t read(std::byte* buffer, std::size_t size) override {
        const std::size_t got = next_.read(buffer, size);
        observer_.observe({buffer, got});
        return got;
    }

private:
    Source& next_;
    Observer& observer_;
};

/// Where whole blocks go, moved without a copy. Nothing counts as written before finish() has
/// returned.
class BlockSink {
public:
    virtual ~BlockSink() = default;
    /// Blocks while too much is in progress. Throws errors of earlier blocks.
    virtual void push(Block block) = 0;
    virtual void finish() = 0;
};

/// Reads `source` to its end in full blocks of k_block_size from `pool`, shows each to `observers`
/// in order, hands it to `sink`, and finishes the sink. Returns the number of bytes that passed.
std::uint64_t pump(Source& source, std::initializer_list<Observer*> observers, BlockSink& sink,
                   BlockPool& pool);

/// The same, without a sink.
std::uint64_t pump(Source& source, std::initializer_list<Observer*> observers);

} // namespace dbbackup::stream
