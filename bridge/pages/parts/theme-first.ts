// SPDX-License-Identifier: MIT
// Runs before the first paint: a remembered choice of light or dark must not flash the other one.
import { loadSettings } from "./settings.ts";

const { theme } = loadSettings(localStorage);
if (theme !== "system") document.documentElement.dataset["theme"] = theme;
