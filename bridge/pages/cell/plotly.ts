// SPDX-License-Identifier: MIT
// plotly.js as a module of its own, so that knobs do not load it and several plots load it once.
export { purge, react, toImage } from "plotly.js-dist-min";
