// SPDX-License-Identifier: MIT
// The page that the bridge serves at /.
import { connect } from "../../browser.ts";
import { startPage } from "./start.tsx";

const root = document.getElementById("page");
if (root !== null) startPage(root, connect);
