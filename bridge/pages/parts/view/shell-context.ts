// SPDX-License-Identifier: MIT
// Hands the shell of the page to its views.
import { createContext, type Context } from "preact";
import { useContext } from "preact/hooks";
import type { Shell } from "../shell.ts";

export const ShellContext: Context<Shell | null> = createContext<Shell | null>(null);

/** The shell of the page that this view belongs to. */
export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === null) throw new Error("a view stands outside of its page");
  return shell;
}
