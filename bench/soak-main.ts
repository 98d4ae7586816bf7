// SPDX-License-Identifier: MIT
// `npm run soak [-- --minutes N]`: mixed load for an hour, or so long; ends with 1 when memory, handles or delays grew, or a sample vanished untold.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { ADDON, buildNative, buildPart, PARTS } from "../scripts/tools/parts.ts";
import { soak } from "./soak.ts";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "60" } } });
const minutes = Number(values.minutes);
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
if (minutes > 0) {
  const jobs = availableParallelism();
  for (const part of [ADDON, ...PARTS]) await buildPart(part, { show: false, jobs, say });
  await buildNative("build/bench", ["-DCMAKE_BUILD_TYPE=Release"], jobs, "keep", "bench/native");
  const complaints = await soak(minutes * 60_000, say);
  for (const complaint of complaints) say(complaint);
  say(complaints.length === 0 ? "flat" : "not flat");
  process.exitCode = complaints.length === 0 ? 0 : 1;
} else {
  process.stderr.write("--minutes takes a number above 0\n");
  process.exitCode = 2;
}
