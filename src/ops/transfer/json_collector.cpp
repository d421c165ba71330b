#include "ops/transfer/json_collector.hpp"

#include <dbbackup/base/error.hpp>

#include <utility>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_most_values = 4'000'000;
constexpr std::size_t k_most_bytes = std::size_t{256} << 20;
constexpr std::size_t k_deepest = 32;

[[noreturn]] void throw_wrong(const char* what) {
    throw base::Error{base::ErrorKind::damaged, what};
}

} // namespace

void JsonCollector::begin(nlohmann::json& target) {
    target_ = &target;
    open_.clear();
}

void JsonCollector::count(std::size_t bytes) {
    bytes_ += bytes;
    if (++values_ > k_most_values || bytes_ > k_most_bytes) {
        throw_wrong("its header is longer than any export's");
    }
}

nlohmann::json& JsonCollector::place() {
    if (open_.empty()) {
        return *target_;
    }
    nlohmann::json& parent = *open_.back();
    return parent.is_array() ? parent.emplace_back() : parent[key_];
}

void JsonCollector::end_if_complete() {
    if (open_.empty()) {
        target_ = nullptr;
    }
}

void JsonCollector::key(std::string name) {
    count(name.size());
    if (open_.back()->contains(name)) {
        throw_wrong("an object in its header has a name twice");
    }
    key_ = std::move(name);
}

void JsonCollector::scalar(nlohmann::json value) {
    count(value.is_string() ? value.get_ref<const std::string&>().size() : 0);
    place() = std::move(value);
    end_if_complete();
}

void JsonCollector::open(nlohmann::json container) {
    count(0);
    if (open_.size() == k_deepest) {
        throw_wrong("its header is nested too deeply");
    }
    nlohmann::json& opened = place();
    opened = std::move(container);
    open_.push_back(&opened);
}

void JsonCollector::close() {
    open_.pop_back();
    end_if_complete();
}

} // namespace dbbackup::ops
