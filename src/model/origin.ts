/** Where a thread, or a later command, finds a model again; plain data. */
export type ModelOrigin =
  | { readonly kind: "builtIn"; readonly name: string }
  /** A program's: its default export, made by `defineModel`. */
  | { readonly kind: "file"; readonly file: string; readonly hash: string }
  /** What a YAML file or a program declares, as JSON, and the text of the files beside it that it names. */
  | {
      readonly kind: "document";
      readonly file: string;
      readonly text: string;
      readonly beside: Readonly<Record<string, string>>;
      /** SHA-256 of the file as it is written. */
      readonly hash: string;
    };

/** The built-in model of a name, or wherever a model says that it is from. */
export function originOf({ name, origin }: { readonly name: string; readonly origin?: ModelOrigin }): ModelOrigin {
  return origin ?? { kind: "builtIn", name };
}
