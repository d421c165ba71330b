#include "ops/client/feeder.hpp"

#include <dbbackup/stream/block.hpp>

#include <chrono>
#include <utility>

namespace dbbackup::ops {

namespace {

/// However the feeding ends, the children must not wait for more.
class ClosedAtEnd {
public:
    explicit ClosedAtEnd(const std::vector<ChildInput*>& inputs) : inputs_(inputs) {}

    ClosedAtEnd(const ClosedAtEnd&) = delete;
    ClosedAtEnd& operator=(const ClosedAtEnd&) = delete;

    ~ClosedAtEnd() {
        for (ChildInput* input : inputs_) {
            input->close();
        }
    }

private:
    const std::vector<ChildInput*>& inputs_;
};

} // namespace

Feeder::Feeder(AbandonableSource& from, std::vector<stream::Observer*> observers,
               std::vector<ChildInput*> inputs)
    : from_(from), observers_(std::move(observers)), inputs_(std::move(inputs)),
      running_(std::async(std::launch::async, [this] { feed(); })) {
}

Feeder::~Feeder() {
    if (running_.valid()) {
        from_.abandon();
        for (ChildInput* input : inputs_) {
            input->abandon();
        }
        running_.wait();
    }
}

void Feeder::feed() {
    const ClosedAtEnd closed{inputs_};
    std::vector<std::byte> buffer(stream::k_block_size / 4);
    for (std::size_t got = from_.read(buffer.data(), buffer.size()); got > 0;
         got = from_.read(buffer.data(), buffer.size())) {
        const base::Bytes bytes{buffer.data(), got};
        for (stream::Observer* observer : observers_) {
            observer->observe(bytes);
        }
        for (ChildInput* input : inputs_) {
            input->observe(bytes);
        }
    }
}

bool Feeder::finished() const {
    return running_.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

void Feeder::finish() {
    running_.get();
}

} // namespace dbbackup::ops
