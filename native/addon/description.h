/* SPDX-License-Identifier: MIT
 *
 * A layout from its description in JavaScript (PlanDescription in bridge/layout/native/plan.ts).
 */
#ifndef STRUCTWIRE_ADDON_DESCRIPTION_H
#define STRUCTWIRE_ADDON_DESCRIPTION_H

#include "arguments.h"

namespace structwire::addon {

/* Throws a TypeError where it is not what the interface says, or does not fit together. */
Layout read_layout(const Napi::Value &description);

} // namespace structwire::addon
#endif
