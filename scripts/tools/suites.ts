// SPDX-License-Identifier: MIT
// The test suites: which files they run and what they need.
import type { Need } from "./needs.ts";
import { filesUnder } from "./stamp.ts";

/** A suite of mocha tests. */
export interface MochaSuite {
  readonly kind: "mocha";
  readonly name: string;
  /** Whether a file under test/ is one of this suite's; a file belongs to the first suite that takes it. */
  readonly takes: RegExp;
  readonly needs: readonly Need["name"][];
  /** Without these it runs, and leaves some tests out. */
  readonly wants?: readonly Need["name"][];
  /** Whether it uses what the build makes, and not the sources alone. */
  readonly built: boolean;
  /** Where it may take longer than others: `npm run truth`. */
  readonly timeoutMs?: number;
  /** `spec` where the tests print measurements or are few, `dot` elsewhere. */
  readonly reporter: "dot" | "spec";
}

/** A suite of C tests: one build of native/ with its settings. */
export interface NativeSuite {
  readonly kind: "native";
  readonly name: string;
  readonly settings: readonly string[];
  readonly needs: readonly Need["name"][];
  readonly wants?: readonly Need["name"][];
  readonly built: boolean;
}

export type Suite = MochaSuite | NativeSuite;

// With the addon and the list of compile commands, for the C linter.
const OPTIMISED = [
  ...["-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DSTRUCTWIRE_WERROR=ON"],
  ...["-DSTRUCTWIRE_ADDON=ON", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"],
];
const CLANG = ["-DCMAKE_C_COMPILER=clang", "-DCMAKE_CXX_COMPILER=clang++"];

const FUZZERS = [
  ...["-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DSTRUCTWIRE_FUZZ=ON"],
  ...["-DSTRUCTWIRE_TESTS=OFF", "-DSTRUCTWIRE_DRIVERS=OFF"],
];

/** All suites in the order in which they run: what fails fast comes first. */
export const SUITES: readonly Suite[] = [
  { kind: "mocha", name: "unit", takes: /^test\/unit\//, needs: [], wants: ["clang"], built: false, reporter: "dot" },
  { kind: "mocha", name: "contract", takes: /^test\/contract\//, needs: [], built: false, reporter: "dot" },
  { kind: "mocha", name: "docs", takes: /^test\/docs\//, needs: [], built: false, reporter: "dot" },
  { kind: "mocha", name: "fuzz", takes: /^test\/fuzz\//, needs: [], built: false, reporter: "spec" },
  {
    kind: "mocha",
    name: "truth",
    takes: /^test\/truth\//,
    needs: ["clang", "cross-compilers", "library-headers", "numpy"],
    built: false,
    timeoutMs: 60 * 60_000,
    reporter: "spec",
  },
  { kind: "native", name: "native", settings: OPTIMISED, needs: [], built: true },
  { kind: "native", name: "native-clang", settings: [...OPTIMISED, ...CLANG], needs: ["clang"], built: true },
  {
    kind: "native",
    name: "native-fuzz",
    settings: [...FUZZERS, ...CLANG],
    needs: ["clang", "libfuzzer"],
    built: true,
  },
  { kind: "native", name: "native-asan", settings: sanitized("address"), needs: [], built: true },
  { kind: "native", name: "native-tsan", settings: sanitized("thread"), needs: [], built: true },
  { kind: "mocha", name: "page", takes: /^test\/e2e\/page/, needs: ["chromium"], built: true, reporter: "spec" },
  {
    kind: "mocha",
    name: "notebook",
    takes: /^test\/e2e\/(?:notebook|readme)/,
    needs: ["chromium", "jupyter"],
    built: true,
    reporter: "spec",
  },
  {
    kind: "mocha",
    name: "lab",
    takes: /^test\/e2e\/lab/,
    needs: ["chromium", "jupyterlab"],
    built: true,
    reporter: "spec",
  },
  {
    kind: "mocha",
    name: "gateways",
    takes: /^test\/e2e\/(?:socket-io|json-ws)-gateway/,
    needs: ["gateway-clients"],
    built: false,
    reporter: "spec",
  },
  { kind: "mocha", name: "deno", takes: /^test\/e2e\/deno/, needs: ["deno", "jupyter"], built: true, reporter: "spec" },
  { kind: "mocha", name: "zmq", takes: /^test\/e2e\/zmq/, needs: ["pyzmq"], built: false, reporter: "spec" },
  { kind: "mocha", name: "python", takes: /^test\/e2e\/python/, needs: ["numpy"], built: false, reporter: "spec" },
  {
    kind: "mocha",
    name: "other-node",
    takes: /^test\/e2e\/other-node/,
    needs: ["other-node"],
    built: true,
    reporter: "spec",
  },
  {
    kind: "mocha",
    name: "builds",
    takes: /^test\/e2e\/(?:builds|gen-cmake|node-gyp)/,
    needs: [],
    wants: ["clang", "cross-compilers", "node-headers", "pkg-config"],
    built: true,
    reporter: "spec",
  },
  { kind: "mocha", name: "e2e", takes: /^test\/e2e\//, needs: [], wants: ["clang"], built: true, reporter: "spec" },
];

function sanitized(sanitizer: "address" | "thread"): readonly string[] {
  return ["-DCMAKE_BUILD_TYPE=Debug", `-DSTRUCTWIRE_SANITIZE=${sanitizer}`];
}

/** The test files of a suite. */
export function suiteFiles(suite: MochaSuite): string[] {
  const tests = filesUnder(["test"]).filter((path) => path.endsWith(".test.ts"));
  return tests.filter((path) => SUITES.find((each) => each.kind === "mocha" && each.takes.test(path)) === suite);
}
