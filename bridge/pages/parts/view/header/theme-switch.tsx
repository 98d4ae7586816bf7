// SPDX-License-Identifier: MIT
// Light, dark, or as the system has it.
import type { JSX } from "preact";
import type { Theme } from "../../settings.ts";
import { Icon, type IconName } from "../icon.tsx";
import { useShell } from "../shell-context.ts";

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const ICONS: Readonly<Record<Theme, IconName>> = { system: "screen", light: "sun", dark: "moon" };

export function ThemeSwitch(): JSX.Element {
  const { theme } = useShell();
  const label = `Colours: ${theme.value}. Switch to ${NEXT[theme.value]}`;
  return (
    <button
      type="button"
      class="button"
      aria-label={label}
      title={label}
      onClick={() => {
        theme.value = NEXT[theme.value];
      }}
    >
      <Icon name={ICONS[theme.value]} />
    </button>
  );
}
