#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/stream/pump.hpp>

#include <utility>

namespace dbbackup::stream {

namespace {

/// Leaves `block` less than full only at the end of `source`.
void fill(Block& block, Source& source) {
    std::size_t size = 0;
    while (size < block.capacity()) {
        const std::size_t got = source.read(block.data() + size, block.capacity() - size);
        if (got == 0) {
            break;
        }
        size += got;
    }
    block.resize(size);
}

void show(base::Bytes bytes, std::initializer_list<Observer*> observers) {
    for (Observer* observer : observers) {
        observer->observe(bytes);
    }
}

} // namespace

std::uint64_t pump(Source& source, std::initializer_list<Observer*> observers, BlockSink& sink,
                   BlockPool& pool) {
    std::uint64_t total = 0;
    for (bool at_end = false; !at_end;) {
        Block block = pool.take();
        fill(block, source);
        at_end = block.size() < block.capacity();
        if (block.size() == 0) {
            pool.give_back(std::move(block));
            break;
        }
        total += block.size();
        show(block.bytes(), observers);
        sink.push(std::move(block));
    }
    sink.finish();
    return total;
}

std::uint64_t pump(Source& source, std::initializer_list<Observer*> observers) {
    Block block{k_block_size};
    std::uint64_t total = 0;
    do {
        fill(block, source);
        total += block.size();
        if (block.size() > 0) {
            show(block.bytes(), observers);
        }
    } while (block.size() == block.capacity());
    return total;
}

std::uint64_t pump(BlockSource& source, std::initializer_list<Observer*> observers) {
    std::uint64_t total = 0;
    while (std::optional<Block> block = source.pull()) {
        total += block->size();
        show(block->bytes(), observers);
        source.give_back(std::move(*block));
    }
    return total;
}

} // namespace dbbackup::stream
