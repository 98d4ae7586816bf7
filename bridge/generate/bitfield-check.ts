// SPDX-License-Identifier: MIT
// Has the compiler say where bitfields are, in the notation that it understands, and refuses those that its debug information misplaces.
import { BridgeError } from "../model/errors.ts";
import { bitfieldsOf, cppProbeSource, misplacedBitfields, probeSource, type ProbedBitfield } from "./bitfield-probe.ts";
import { compileHeader, type Compilation } from "./compile.ts";
import { unsupported } from "./schema/refusals.ts";
import type { BuiltSchema } from "./schema/schema.ts";

/** Structs that are tried one by one when the compiler does not take all at once. */
const MAX_ALONE = 32;

/** Throws `type_unsupported` when the compiler puts a bitfield elsewhere than its debug information says. */
export function checkBitfields(built: BuiltSchema, compilation: Compilation): void {
  const list = bitfieldsOf(built);
  if (list.length === 0) return;
  const wrong = misplacedAmong(list, compilation) ?? misplacedAlone(list, compilation);
  const [first] = wrong;
  if (first === undefined) return;
  const { record, member } = first.place;
  throw unsupported(
    record,
    member,
    "is a bitfield that the compiler's debug information misplaces; give it the plain type, without a width",
  );
}

/** Classes with constructors have no constants; what cannot be asked is as the debug information says. */
function misplacedAlone(list: readonly ProbedBitfield[], compilation: Compilation): readonly ProbedBitfield[] {
  const structs = [...new Set(list.map(({ spelling }) => spelling))];
  if (structs.length === 1) return [];
  return structs.slice(0, MAX_ALONE).flatMap(
    (struct) =>
      misplacedAmong(
        list.filter(({ spelling }) => spelling === struct),
        compilation,
      ) ?? [],
  );
}

/** Undefined when the compiler understands neither notation. */
function misplacedAmong(
  list: readonly ProbedBitfield[],
  compilation: Compilation,
): readonly ProbedBitfield[] | undefined {
  const newer = { ...compilation, flags: [...compilation.flags, "-std=gnu++20"] };
  const object =
    compiled(compilation, probeSource(list)) ??
    compiled(newer, cppProbeSource(list)) ??
    compiled(compilation, cppProbeSource(list));
  return object === undefined ? undefined : misplacedBitfields(list, object);
}

function compiled(compilation: Compilation, source: string): Uint8Array | undefined {
  try {
    return compileHeader({ ...compilation, source });
  } catch (thrown) {
    if (thrown instanceof BridgeError && thrown.code === "compiler_failed") return undefined;
    throw thrown;
  }
}
