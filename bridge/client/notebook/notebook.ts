// SPDX-License-Identifier: MIT
// The notebook kernel that outputs are drawn in, whichever it is: a cell has places, and what a place shows can be replaced later.

/** One place in the output of a cell. Each call replaces what it showed. */
export interface Place {
  html(html: string): void;
  png(bytes: Uint8Array): void;
}

/** What a notebook kernel gives to draw with; tslab's own module is one. */
export interface Notebook {
  readonly display: { html(html: string): void };
  newDisplay?(): { html(html: string): void; png?(bytes: Uint8Array): void };
}

/** What the kernel of Deno gives: `Deno.jupyter`. */
export interface DenoJupyter {
  /** Some versions return a promise. */
  broadcast(type: string, content: Readonly<Record<string, unknown>>): unknown;
}

/** Either kernel in the form of the first. */
export function asNotebook(kernel: Notebook | DenoJupyter): Notebook {
  if (!("broadcast" in kernel)) return kernel;
  return { display: denoPlace(kernel), newDisplay: () => denoPlace(kernel) };
}

/** Takes a place in the cell that runs now, at once. */
export function takePlace(notebook: Notebook): Place {
  const { display } = notebook;
  const own = notebook.newDisplay?.();
  if (own === undefined) {
    // Nothing can be replaced: it is added.
    return {
      html: (html) => {
        display.html(html);
      },
      png: () => undefined,
    };
  }
  own.html("<div></div>");
  return {
    html: (html) => {
      own.html(html);
    },
    png: (bytes) => {
      own.png?.(bytes);
    },
  };
}

function denoPlace(jupyter: DenoJupyter): Place {
  const id = crypto.randomUUID();
  let isShown = false;
  const show = (type: string, content: string): void => {
    const message = isShown ? "update_display_data" : "display_data";
    isShown = true;
    const told = jupyter.broadcast(message, {
      ...{ data: { [type]: content }, metadata: {} },
      transient: { display_id: id },
    });
    // What a kernel that ends does not take any more is not missed.
    Promise.resolve(told).catch(() => undefined);
  };
  return {
    html: (html) => {
      show("text/html", html);
    },
    png: (bytes) => {
      show("image/png", base64(bytes));
    },
  };
}

function base64(bytes: Uint8Array): string {
  const CHUNK_BYTES = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(text);
}
