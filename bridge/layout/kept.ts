// SPDX-License-Identifier: MIT
// What is compiled once for an object and kept as long as that lives.

/** What `make` makes, once for each object. */
export function kept<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const made = new WeakMap<K, V>();
  return (from) => {
    const known = made.get(from);
    if (known !== undefined) return known;
    const value = make(from);
    made.set(from, value);
    return value;
  };
}
