#include <dbbackup/stream/block.hpp>

#include <utility>

namespace dbbackup::stream {

Block BlockPool::take() {
    {
        const std::lock_guard lock{mutex_};
        if (!free_.empty()) {
            Block block = std::move(free_.back());
            free_.pop_back();
            block.resize(0);
            return block;
        }
    }
    return Block{capacity_};
}

void BlockPool::give_back(Block block) {
    const std::lock_guard lock{mutex_};
    free_.push_back(std::move(block));
}

} // namespace dbbackup::stream
