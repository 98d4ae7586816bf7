// SPDX-License-Identifier: MIT
// Asks for the token when the link did not bring it.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { keepToken, tokenIn } from "../link/token.ts";
import { useShell } from "./shell-context.ts";

export function TokenForm({ reason }: { readonly reason: string | null }): JSX.Element {
  const { session } = useShell();
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  const submit = (event: Event): void => {
    event.preventDefault();
    const token = tokenIn(input.current?.value ?? "");
    if (token === null) {
      setProblem("This is no token: paste the link that the bridge printed, or the part after “#token=”.");
      return;
    }
    keepToken(window, token);
    void session.start(token);
  };
  return (
    <main class="gate">
      <form class="card gate-card" onSubmit={submit}>
        <h2>Connect to this bridge</h2>
        <p>
          Paste the link that <code>structwire serve</code> or <code>structwire demo</code> printed, or the token in it.
          It stays in this tab.
        </p>
        <label for="token">Link or token</label>
        <div class="gate-row">
          <input
            id="token"
            ref={input}
            type="password"
            autocomplete="off"
            spellcheck={false}
            aria-describedby="token-problem"
            aria-invalid={problem !== null || reason !== null}
          />
          <button type="submit" class="button button-main">
            Connect
          </button>
        </div>
        <p id="token-problem" class="problem" role="alert">
          {problem ?? reason}
        </p>
      </form>
    </main>
  );
}
