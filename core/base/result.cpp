// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.h"

namespace espalier::base {

std::string Error::text() const
{
    std::string out;
    if (!file.empty())
        out += file + ": ";
    if (!place.empty())
        out += place + ": ";
    out += message;
    if (!remedy.empty())
        out += ". " + remedy;
    return out;
}

Error badInput(std::string message, std::string file, std::string place, std::string remedy)
{
    return {ErrorCode::BadInput, std::move(message), std::move(file), std::move(place), std::move(remedy)};
}

Error usageError(std::string message, std::string remedy)
{
    return {ErrorCode::Usage, std::move(message), {}, {}, std::move(remedy)};
}

Error noResources(std::string message, std::string remedy)
{
    return {ErrorCode::NoResources, std::move(message), {}, {}, std::move(remedy)};
}

Error checkFailed(std::string message, std::string file, std::string place)
{
    return {ErrorCode::CheckFailed, std::move(message), std::move(file), std::move(place), {}};
}

Error cancelledError(std::string message)
{
    return {ErrorCode::Cancelled, std::move(message), {}, {}, "Run the same command with --resume to go on"};
}

Error internalError(std::string message)
{
    return {ErrorCode::Internal, std::move(message), {}, {}, {}};
}

} // namespace espalier::base
