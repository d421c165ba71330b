#pragma once

#include "ops/transfer/export_header.hpp"

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What a file says at its end.
struct ExportEnd {
    std::map<std::string, std::uint64_t> rows; ///< by data_name()
    std::map<std::string, std::string> files;  ///< SHA-256 of the files of CSV
    std::string sha256;                        ///< of all text before; empty if it does not say
};

/// From the value of `end`. Throws base::Error{damaged}.
[[nodiscard]] ExportEnd read_end(const nlohmann::json& json);

/// Compares what was read with what the end says. Throws base::Error{damaged}.
void require_end(const ExportHeader& header, const std::vector<std::uint64_t>& rows,
                 const ExportEnd& end, const std::string& actual_sha256);

} // namespace dbbackup::ops
