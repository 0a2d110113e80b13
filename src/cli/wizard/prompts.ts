import * as clack from "@clack/prompts";
import { SeedBulkError } from "../../errors.js";

/** One answer of a menu. */
export interface MenuOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Shown beside the option that the cursor is on. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** Asks on the terminal. Every question throws SB_INTERRUPTED on Ctrl-C, on Escape and when the signal aborts. */
export class Prompts {
  readonly #signal: AbortSignal;

  /** @param signal ends the question that is open, and all later ones */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Asks for one of several. */
  select<Value extends string>(
    message: string,
    options: readonly MenuOption<Value>[],
    initialValue?: Value,
  ): Promise<Value> {
    const menu = options.map((option) => ({ ...option })) as Parameters<typeof clack.select<Value>>[0]["options"];
    return this.#ask((signal) =>
      clack.select<Value>({ message, options: menu, signal, ...(initialValue && { initialValue }) }),
    );
  }

  /** Asks for any number of several, none included. */
  multiselect(
    message: string,
    options: readonly MenuOption<string>[],
    initialValues: readonly string[],
  ): Promise<string[]> {
    return this.#ask((signal) =>
      clack.multiselect<string>({
        message,
        options: [...options],
        initialValues: [...initialValues],
        required: false,
        signal,
      }),
    );
  }

  /**
   * Asks for a line of text.
   * @param options.initial what an empty answer means; shown while nothing is typed
   * @param options.problem says what is wrong with an answer; not asked about an empty one where there is an initial
   */
  async text(
    message: string,
    options: { readonly initial?: string; readonly problem: (text: string) => string | undefined },
  ): Promise<string> {
    const { initial, problem } = options;
    const validate = (value: string | undefined): string | undefined => {
      const text = (value ?? "").trim();
      return text === "" && initial !== undefined ? undefined : problem(text);
    };
    const shown = initial === undefined ? {} : { placeholder: initial, defaultValue: initial };
    return (await this.#ask((signal) => clack.text({ message, ...shown, validate, signal }))).trim();
  }

  /** Asks for a line of text that the terminal does not show. */
  async secret(message: string, problem: (text: string) => string | undefined): Promise<string> {
    const validate = (value: string | undefined): string | undefined => problem((value ?? "").trim());
    return (await this.#ask((signal) => clack.password({ message, validate, signal }))).trim();
  }

  /** Asks yes or no. */
  confirm(message: string, initialValue: boolean): Promise<boolean> {
    return this.#ask((signal) => clack.confirm({ message, initialValue, signal }));
  }

  begin(title: string): void {
    clack.intro(title);
  }

  end(text: string): void {
    clack.outro(text);
  }

  say(text: string): void {
    clack.log.step(text);
  }

  warn(text: string): void {
    clack.log.warn(text);
  }

  complain(text: string): void {
    clack.log.error(text);
  }

  /** Lines as they are, set in as the questions are. */
  show(lines: readonly string[]): void {
    clack.log.message(lines.join("\n"));
  }

  /** A question gets a signal of its own: it leaves its listener on it, and ten on one signal make Node warn. */
  async #ask<T>(question: (signal: AbortSignal) => Promise<T | typeof clack.CANCEL_SYMBOL>): Promise<T> {
    const own = new AbortController();
    const abort = (): void => own.abort();
    if (this.#signal.aborted) abort();
    this.#signal.addEventListener("abort", abort, { once: true });
    const answer = await question(own.signal).finally(() => this.#signal.removeEventListener("abort", abort));
    if (clack.isCancel(answer)) throw new SeedBulkError("SB_INTERRUPTED", "the wizard was left; nothing was written");
    return answer as T;
  }
}
