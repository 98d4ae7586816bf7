// SPDX-License-Identifier: MIT
// The page /sensor: sends how this device is held to a channel, `data` unless `?to=` names another.
import { Outlet } from "../parts/link/outlet.ts";
import { nameIn } from "../parts/link/query.ts";
import { startSmallPage } from "../parts/start-small-page.tsx";
import { SensorPage } from "./sensor-page.ts";
import { SensorView } from "./view/sensor-view.tsx";

startSmallPage("structwire-sensor", ({ session }) => {
  const query = new URLSearchParams(location.search);
  const page = new SensorPage(new Outlet(session, nameIn(query, "to", "data")));
  return { view: <SensorView page={page} /> };
});
