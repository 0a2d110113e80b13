import { useRef } from "preact/hooks";
import { keepToken, token } from "../api/token.js";

/** Asks for the server's token. */
export function TokenForm({ onKept }: { onKept: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? "";
    if (text === "") return;
    keepToken(text);
    onKept();
  };
  return (
    <form class="narrow" onSubmit={submit}>
      <h1>Token</h1>
      {token.value !== null && (
        <p role="alert" class="fault">
          SB_UNAUTHORIZED: the server does not take this token.
        </p>
      )}
      <div class="field">
        <label for="token">The token that the server was started with</label>
        <input id="token" ref={input} type="password" autocomplete="off" required aria-describedby="token-note" />
        <p id="token-note" class="note">
          <code>serve --token</code> or <code>SEED_BULK_TOKEN</code>. Kept in this tab until it is closed.
        </p>
      </div>
      <button type="submit" class="primary">
        Go on
      </button>
    </form>
  );
}
