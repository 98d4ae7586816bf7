// SPDX-License-Identifier: MIT
// The page /knob: one large knob, of a channel of actions or of one field of a parameter.
import { Outlet } from "../parts/link/outlet.ts";
import { nameIn } from "../parts/link/query.ts";
import { startSmallPage } from "../parts/start-small-page.tsx";
import { ActionFace } from "./action-face.ts";
import { ParameterFace } from "./parameter-face.ts";
import { KnobView } from "./view/knob-view.tsx";

startSmallPage("structwire-knob", ({ session }) => {
  const query = new URLSearchParams(location.search);
  const parameter = nameIn(query, "parameter", "");
  if (parameter !== "") {
    return { view: <KnobView face={new ParameterFace(session, parameter, query.get("field") ?? "")} /> };
  }
  const to = nameIn(query, "to", "");
  const outlet = to === "" ? null : new Outlet(session, to);
  return { view: <KnobView face={new ActionFace(session, nameIn(query, "channel", "action"), outlet)} /> };
});
