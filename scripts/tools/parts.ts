// SPDX-License-Identifier: MIT
// The parts of a build, in their order: the compiled TypeScript, what browsers get, the SDK with its drivers.
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageScript, ROOT } from "./paths.ts";
import { mustRun } from "./run.ts";
import { type Step, whenChanged } from "./stamp.ts";

/** How a build speaks and how much of the machine it takes. */
export interface BuildOptions {
  /** Whether compilers speak for themselves; else only what failed is told, by the error. */
  readonly show: boolean;
  readonly jobs: number;
  /** Told before and after a part is built, and when there was nothing to do. */
  readonly say: (line: string) => void;
}

/** One part of a build. */
export interface Part extends Step {
  readonly build: (options: BuildOptions) => Promise<void>;
}

/** The addon, which is installed with the packages: for what must measure these sources and no older ones. */
export const ADDON: Part = {
  name: "addon",
  inputs: [
    "native/addon",
    "native/core",
    "native/decode",
    "native/include",
    "native/CMakeLists.txt",
    "native/sources.txt",
  ],
  output: "build/addon/Release/structwire_addon.node",
  build: async (options) => {
    await mustRun("npm", ["run", "--silent", "install"], { cwd: ROOT, output: options.show ? "show" : "keep" });
  },
};

/** All parts; each needs those before it. */
export const PARTS: readonly Part[] = [
  {
    name: "ts",
    inputs: ["bridge", "tsconfig.json", "package-lock.json", "scripts/tools/parts.ts"],
    output: "dist/bridge/cli/main.js",
    build: async (options) => {
      const output = options.show ? "show" : "keep";
      await mustRun(process.execPath, ["scripts/link-self.mjs"], { cwd: ROOT });
      await mustRun(process.execPath, [packageScript("typescript", "tsc"), "-p", "tsconfig.json"], {
        cwd: ROOT,
        output,
      });
      removeStale("dist/bridge", "bridge");
      const program = join(ROOT, "dist/bridge/cli/main.js");
      if (existsSync(program)) chmodSync(program, 0o755);
    },
  },
  {
    name: "pages",
    inputs: ["bridge", "scripts/build-pages.ts", "package-lock.json"],
    output: "dist/pages",
    build: async (options) => {
      const output = options.show ? "show" : "keep";
      await mustRun(process.execPath, ["--import", "tsx", "scripts/build-pages.ts"], { cwd: ROOT, output });
    },
  },
  {
    name: "native",
    inputs: ["native", "bridge/generate", "bridge/layout", "bridge/model", "bridge/cli", "scripts/tools/parts.ts"],
    output: "build/native/CMakeCache.txt",
    build: async (options) => {
      const output = options.show ? "show" : "keep";
      await buildNative("build/native", ["-DCMAKE_BUILD_TYPE=RelWithDebInfo"], options.jobs, output);
    },
  },
];

/** Builds a part if its sources changed since its last build. Throws with the compiler's output. */
export async function buildPart(part: Part, options: BuildOptions): Promise<void> {
  const started = performance.now();
  const ran = await whenChanged(part, async () => {
    options.say(`building ${part.name}`);
    await part.build(options);
  });
  options.say(
    ran ? `built ${part.name} in ${((performance.now() - started) / 1000).toFixed(1)} s` : `${part.name}: up to date`,
  );
}

/** Configures and builds native/, or another folder with a CMakeLists.txt, in a folder of the checkout. Throws with the compiler's output. */
export async function buildNative(
  folder: string,
  settings: readonly string[],
  jobs: number,
  output: "show" | "keep",
  source = "native",
): Promise<void> {
  await mustRun("cmake", ["-S", source, "-B", folder, ...settings], { cwd: ROOT, output });
  await mustRun("cmake", ["--build", folder, "--parallel", String(jobs)], { cwd: ROOT, output });
}

/** Removes compiled files whose source is gone, so that nothing imports them by accident. */
function removeStale(compiled: string, source: string): void {
  for (const entry of readdirSync(join(ROOT, compiled), { withFileTypes: true })) {
    const path = join(compiled, entry.name);
    const origin = join(source, entry.name);
    if (entry.isDirectory()) {
      if (existsSync(join(ROOT, origin))) removeStale(path, origin);
      else rmSync(join(ROOT, path), { recursive: true });
    } else if (!existsSync(join(ROOT, origin.replace(/\.(?:d\.ts|js)(?:\.map)?$/, ".ts")))) {
      rmSync(join(ROOT, path));
    }
  }
}
