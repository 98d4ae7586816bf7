// SPDX-License-Identifier: MIT
// What can be turned and called: parameters as knobs, services as forms.
import type { JSX } from "preact";
import { usePage } from "../page-context.ts";
import { ServiceCard } from "../services/service-card.tsx";
import { ParameterCard } from "./parameter-card.tsx";
import { PresetPanel } from "./preset-panel.tsx";

export function ControlPanel(): JSX.Element {
  const { parameters, services } = usePage().catalog.directory.value;
  return (
    <section class="panel panel-knobs" aria-label="Knobs and services">
      <div class="panel-body">
        <h2>Knobs</h2>
        {parameters.map((entry) => (
          <ParameterCard key={entry.parameter} entry={entry} />
        ))}
        {parameters.length > 0 && <PresetPanel />}
        {parameters.length === 0 && <p class="empty">No driver has a parameter.</p>}
        <h2>Services</h2>
        {services.map((entry) => (
          <ServiceCard key={entry.service} entry={entry} />
        ))}
        {services.length === 0 && <p class="empty">Nothing offers a service.</p>}
      </div>
    </section>
  );
}
