// SPDX-License-Identifier: MIT
// The machines whose compilers are asked for the truth: Debian's cross compilers, and what runs their programs here.

/** A machine. */
export interface TruthTarget {
  readonly name: "x86-64" | "i386" | "armhf" | "aarch64" | "powerpc" | "x86-64 with clang";
  /** Its compiler, gcc where nothing else is said. */
  readonly compiler: string;
  /** Where its C library and kernel headers are. */
  readonly includes: string;
  /** What runs its programs here; undefined where they run by themselves. */
  readonly emulator: string | undefined;
}

/** All of them; the last is big-endian. */
export const TRUTH_TARGETS: readonly TruthTarget[] = [
  { name: "x86-64", compiler: "gcc", includes: "/usr/include", emulator: undefined },
  target("i386", "i686-linux-gnu", "qemu-i386"),
  target("armhf", "arm-linux-gnueabihf", "qemu-arm"),
  target("aarch64", "aarch64-linux-gnu", "qemu-aarch64"),
  target("powerpc", "powerpc-linux-gnu", "qemu-ppc"),
];

/** The other compiler. Random structs are another matter: clang's debug information misplaces some packed bitfields, which gen then refuses. */
export const CLANG_TARGET: TruthTarget = {
  name: "x86-64 with clang",
  compiler: "clang",
  includes: "/usr/include",
  emulator: undefined,
};

function target(name: TruthTarget["name"], triple: string, emulator: string): TruthTarget {
  return { name, compiler: `${triple}-gcc`, includes: `/usr/${triple}/include`, emulator };
}
