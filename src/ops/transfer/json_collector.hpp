#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// Builds a JSON value from the events of a parser, up to a limit: what a stranger wrote must not
/// fill our memory. All functions throw base::Error{damaged} past it, and for an object that has a
/// name twice.
class JsonCollector {
public:
    /// The value that begins with the next event goes there.
    void begin(nlohmann::json& target);

    [[nodiscard]] bool is_active() const noexcept { return target_ != nullptr; }

    void key(std::string name);
    void scalar(nlohmann::json value);
    /// `container` is an empty object or array.
    void open(nlohmann::json container);
    void close();

private:
    nlohmann::json& place();
    void count(std::size_t bytes);
    void end_if_complete();

    nlohmann::json* target_ = nullptr;
    std::vector<nlohmann::json*> open_;
    std::string key_;
    std::size_t values_ = 0; ///< of all that were collected
    std::size_t bytes_ = 0;
};

} // namespace dbbackup::ops
