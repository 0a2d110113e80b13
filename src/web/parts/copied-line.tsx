import { useSignal } from "@preact/signals";

const SHOWN_MS = 2000;

/** A line to be copied whole: a command, an address. */
export function CopiedLine({ line, label }: { line: string; label: string }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    // Pages that are not from this machine or by https may not.
    await navigator.clipboard?.writeText(line).then(
      () => {
        isCopied.value = true;
        setTimeout(() => (isCopied.value = false), SHOWN_MS);
      },
      () => {},
    );
  };
  const words = line.split(" ").map((word, at) => ({ word, at }));
  return (
    <div class="copied-line">
      <code>
        {words.map(({ word, at }) => (
          // A flag is not broken behind its dashes.
          <span key={at}>{word} </span>
        ))}
      </code>
      {navigator.clipboard !== undefined && (
        <button type="button" aria-label={`Copy: ${label}`} onClick={() => void copy()}>
          {isCopied.value ? "Copied" : "Copy"}
        </button>
      )}
    </div>
  );
}
