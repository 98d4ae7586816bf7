// SPDX-License-Identifier: MIT
// Filters in JavaScript; the same as native/decode/filter.cpp.
import { leafAt, readStructs } from "../column.ts";
import { elementOffset } from "../element.ts";
import { boundOf, TESTS, type CompiledFilter } from "../select/filter.ts";
import { sourceOf, Taken } from "./take.ts";
import { elementReader } from "./value.ts";

/** Whether the struct at an offset passes. */
type Test = (view: DataView, at: number) => boolean;

/** Makes the test of a filter. */
export function filterTest({ layout, steps, bounds, texts }: CompiledFilter): Test {
  const stack: Test[] = [];
  const pop = (): Test => stack.pop() ?? (() => false);
  for (let i = 0; i < steps.length; i += 4) {
    const [operation = 0, a = 0, b = 0, c = 0] = steps.subarray(i, i + 4);
    if (operation === TESTS.constant) stack.push(() => a !== 0);
    else if (operation === TESTS.not) {
      const test = pop();
      stack.push((view, at) => !test(view, at));
    } else if (operation === TESTS.and || operation === TESTS.or) {
      const [second, first] = [pop(), pop()];
      if (operation === TESTS.and) stack.push((view, at) => first(view, at) && second(view, at));
      else stack.push((view, at) => first(view, at) || second(view, at));
    } else {
      const leaf = leafAt(layout, a);
      const offset = elementOffset(leaf, b);
      if (operation === TESTS.text) stack.push(equals(offset, leaf.capacity, texts[c] ?? new Uint8Array(0)));
      else {
        const read = elementReader(leaf, layout.endian === "le");
        const [least, greatest] = [boundOf(leaf, bounds[c * 2] ?? 0n), boundOf(leaf, bounds[c * 2 + 1] ?? 0n)];
        stack.push((view, at) => {
          const value = read(view, at + offset);
          return value >= least && value <= greatest;
        });
      }
    }
  }
  return pop();
}

function equals(offset: number, capacity: number, text: Uint8Array): Test {
  return (view, at) => {
    for (let i = 0; i < text.length; i++) if (view.getUint8(at + offset + i) !== text[i]) return false;
    return text.length === capacity || view.getUint8(at + offset + text.length) === 0;
  };
}

/** What {@link Codec.filter} says. */
export function filterBatch({ layout }: CompiledFilter, test: Test, batch: Uint8Array): readonly Uint8Array[] {
  const source = sourceOf(batch, readStructs(layout, batch));
  const { header, samplesAt } = source.parts;
  const taken = new Taken();
  for (let i = 0; i < header.count; i++) if (test(source.view, samplesAt + i * header.size)) taken.add(source, i);
  return taken.count === header.count ? [batch] : taken.write();
}
