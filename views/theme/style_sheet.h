// SPDX-License-Identifier: GPL-3.0-or-later
// The style sheet, filled with the current theme's colours.
#pragma once

#include <QString>

namespace espalier::views {

[[nodiscard]] QString styleSheet();

} // namespace espalier::views
