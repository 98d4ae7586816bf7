// SPDX-License-Identifier: MIT
// Whether somebody can see an output: notebooks scroll outputs away, take them out of the page and put them back.

/** Tells `changed` when the element begins or ceases to be seen; the first telling comes by itself. Ends with the element, or by what is returned. */
export function watchPresence(element: HTMLElement, changed: (seen: boolean) => void): () => void {
  const observer = new IntersectionObserver(
    (entries) => {
      const entry = entries.at(-1);
      if (entry !== undefined) changed(entry.isIntersecting);
    },
    { rootMargin: "200px" },
  );
  observer.observe(element);
  return () => {
    observer.disconnect();
  };
}
