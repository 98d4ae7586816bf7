// SPDX-License-Identifier: MIT
// Hands the page to its views.
import { createContext, type Context } from "preact";
import { useContext } from "preact/hooks";
import type { Page } from "../page.ts";

export const PageContext: Context<Page | null> = createContext<Page | null>(null);

/** The page that this view belongs to. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error("a view stands outside of the page");
  return page;
}
