// SPDX-License-Identifier: MIT
// Hands the plots of the page to their views.
import { createContext, type Context } from "preact";
import { useContext } from "preact/hooks";
import type { Scope } from "../../scope.ts";

export const ScopeContext: Context<Scope | null> = createContext<Scope | null>(null);

/** The plots of the page that this view belongs to. */
export function useScope(): Scope {
  const scope = useContext(ScopeContext);
  if (scope === null) throw new Error("a plot stands outside of its page");
  return scope;
}
