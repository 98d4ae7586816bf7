// SPDX-License-Identifier: MIT
// The page /sensor: the device as it is held, what starts and stops it, what is sent.
import type { JSX } from "preact";
import { PageFrame } from "../../parts/view/page-frame.tsx";
import type { SensorPage } from "../sensor-page.ts";
import { DevicePicture } from "./device-picture.tsx";
import { Readings } from "./readings.tsx";
import { TroubleNote } from "./trouble-note.tsx";

export function SensorView({ page }: { readonly page: SensorPage }): JSX.Element {
  const activity = page.activity.value;
  const isRunning = activity.kind === "sensing" || activity.kind === "simulating";
  return (
    <PageFrame path="/sensor" title={`Sensor → ${page.outlet.channel}`}>
      <main class="sensor">
        <DevicePicture page={page} />
        <div class="sensor-panel">
          <p class="sensor-status" role="status">
            <Status page={page} />
          </p>
          {activity.kind === "trouble" && <TroubleNote trouble={activity.trouble} />}
          {page.outlet.problem.value !== null && (
            <p class="problem" role="alert">
              {page.outlet.problem.value}
            </p>
          )}
          <div class="sensor-buttons">
            {isRunning ? (
              <button
                type="button"
                class="button button-large"
                onClick={() => {
                  page.stop();
                }}
              >
                Stop
              </button>
            ) : (
              <button
                type="button"
                class="button button-main button-large"
                disabled={activity.kind === "starting"}
                onClick={() => void page.sense()}
              >
                {activity.kind === "trouble" ? "Try again" : "Start the sensor"}
              </button>
            )}
            {activity.kind !== "simulating" && (
              <button
                type="button"
                class="button button-large button-line"
                onClick={() => {
                  page.simulate();
                }}
              >
                Simulate
              </button>
            )}
          </div>
          <Readings page={page} />
        </div>
      </main>
    </PageFrame>
  );
}

function Status({ page }: { readonly page: SensorPage }): JSX.Element {
  const activity = page.activity.value;
  const channel = <code>{page.outlet.channel}</code>;
  switch (activity.kind) {
    case "sensing":
      return (
        <>
          <span class="badge badge-ok">sending</span> the orientation of this device to {channel}, from its{" "}
          {activity.source}.
        </>
      );
    case "simulating":
      return (
        <>
          <span class="badge badge-warn">simulated</span> Drag the picture: what is sent to {channel} is no sensor’s.
          With Shift it rolls.
        </>
      );
    case "starting":
      return <>Waiting for the first reading…</>;
    case "trouble":
    case "idle":
      return <>Nothing is sent yet. How this device is held goes to {channel}, up to 60 times a second.</>;
  }
}
