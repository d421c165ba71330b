#pragma once

#include <map>
#include <string>
#include <vector>

namespace dbbackup::test {

/// One line of Prometheus' text exposition format.
struct MetricSample {
    std::string name;
    std::map<std::string, std::string> labels; ///< unescaped
    double value = 0;
};

/// Parses text of that format, version 0.0.4, more strictly than Prometheus does: valid UTF-8, each
/// line ended, each metric in one piece with its HELP and TYPE before it, no timestamps, no
/// duplicate series. Throws std::runtime_error with the invalid line.
[[nodiscard]] std::vector<MetricSample> read_metrics(const std::string& text);

/// The value of the only sample of that name whose labels include these; throws std::runtime_error
/// if there is none, or several.
[[nodiscard]] double metric(const std::vector<MetricSample>& samples, const std::string& name,
                            const std::map<std::string, std::string>& labels = {});

/// The number of samples of that name.
[[nodiscard]] std::size_t count_of(const std::vector<MetricSample>& samples,
                                   const std::string& name);

} // namespace dbbackup::test
