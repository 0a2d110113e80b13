/** Where a value came from. Lines and columns count from 1; `file` is absolute. */
export type Origin =
  | { readonly kind: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "commandLine"; readonly flag: string }
  | { readonly kind: "default" }
  | { readonly kind: "rule"; readonly rule: string };
