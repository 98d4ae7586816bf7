// SPDX-License-Identifier: MIT
// Who may use a member of a C++ class, as the different versions of DWARF say it.
import { AT, TAG } from "../object/dwarf-constants.ts";
import type { DebugInformation } from "../object/dwarf.ts";
import type { Entry } from "../object/dwarf-units.ts";

const ACCESS_PUBLIC = 1;

/** Whether everybody may use what `entry` declares or inherits; `ownerTag` is the tag of the class around it. */
export function isAccessible(debug: DebugInformation, entry: Entry, ownerTag: number): boolean {
  const access = debug.number(entry, AT.accessibility);
  if (access !== undefined) return access === ACCESS_PUBLIC;
  // From version 3 on what is not said is what the language has; before, everything was public.
  return ownerTag !== TAG.class || entry.unit.format.version < 3;
}
