// SPDX-License-Identifier: MIT
// The seed of all property tests: one number for everybody, so that a run says something about the change and can be repeated; others are drawn when asked for.
import fc from "fast-check";

// STRUCTWIRE_SEED=random draws anew for each property, a number repeats what a failure named.
const asked = process.env["STRUCTWIRE_SEED"] ?? "20261120";
if (asked !== "random") fc.configureGlobal({ seed: Number(asked) });
