// SPDX-License-Identifier: MIT
// kernel.ts LINK plots COUNT ENGINE WINDOW_MS | kernel.ts LINK knobs: what the kernel of a notebook does, without the notebook. Prints the HTML of its outputs as one
// line of JSON, and computes without a pause for as many ms as a line of standard input says; a line {} tells of the begin, and one of the end.
import { createInterface } from "node:readline";
import { connect, type Notebook, type PlotOptions } from "../../bridge/index.ts";
import { PLACE_ATTRIBUTE } from "../../bridge/client/notebook/output.ts";
import { untilThere } from "../support/there.ts";

const [link = "", what = "", count = "", engine = "", windowMs = ""] = process.argv.slice(2);
const ENGINES: readonly string[] = ["auto", "plotly", "uplot"] satisfies readonly PlotOptions["engine"][];

/** A notebook of which only the outputs matter: each is what it showed last. */
class Outputs implements Notebook {
  readonly shown: string[] = [];
  readonly display = {
    html: (html: string): void => {
      this.shown.push(html);
    },
  };

  newDisplay(): { html(html: string): void } {
    const place = this.shown.push("") - 1;
    return {
      html: (html) => {
        this.shown[place] = html;
      },
    };
  }
}

function isEngine(name: string): name is NonNullable<PlotOptions["engine"]> {
  return ENGINES.includes(name);
}

const client = await connect(link);
await untilThere(client, "motor/gains");
const outputs = new Outputs();
client.attach(outputs);
const motor = client.driver("motor");
if (what === "knobs") await motor.knobs("gains");
else if (isEngine(engine)) {
  for (let plot = 0; plot < Number(count); plot++)
    await motor.plot("state", ["angle", "reference", "speed", "current"], { engine, windowMs: Number(windowMs) });
}
// The pictures beside them, for readers without scripts, are not shown to those who see them live.
console.log(JSON.stringify(outputs.shown.filter((html) => html.includes(PLACE_ATTRIBUTE))));
for await (const line of createInterface({ input: process.stdin })) {
  console.log("{}");
  for (const end = performance.now() + Number(line); performance.now() < end;);
  console.log("{}");
}
process.exit();
