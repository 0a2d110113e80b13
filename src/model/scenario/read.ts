import { type FileHandle, open } from "node:fs/promises";
import type { Document, Node, Pair, Scalar, YAMLMap } from "yaml";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import { SeedBulkError } from "../../errors.js";
import type { MapEntry, MapNode, ScalarNode, ScenarioNode } from "./nodes.js";
import type { Origin } from "./origin.js";
import { describeNode, displayPath, formatProblem, quote } from "./problems.js";

const FILE_BYTES_MAX = 1024 * 1024;
/** Scenarios nest three deep and hold a few hundred values; aliases could multiply a small file into billions. */
const DEPTH_MAX = 32;
const NODES_MAX = 20_000;
const ALIASES_MAX = 100;

/**
 * Reads one scenario file as YAML with positions; its keys are not yet checked.
 * @param file absolute path
 * @throws SB_SCENARIO_NOT_FOUND, SB_SCENARIO_SYNTAX, SB_SCENARIO_INVALID
 */
export async function readScenarioFile(file: string): Promise<MapNode> {
  const bytes = await readBounded(file);
  return parseScenario(decode(bytes, file), file);
}

/**
 * Parses the text of one scenario file.
 * @param file named in errors and origins
 * @param valuesMax how many values it may hold
 * @throws SB_SCENARIO_SYNTAX, and SB_SCENARIO_INVALID where the text is YAML but not a mapping
 */
export function parseScenario(text: string, file: string, valuesMax = NODES_MAX): MapNode {
  const lines = new LineCounter();
  const document = parseOne(text, file, lines);
  const root = new TreeBuilder(document, { file, lines, valuesMax }).build(document.contents, {
    kind: "file",
    file,
    line: 1,
    column: 1,
  });
  if (root.kind === "map") return root;
  const found = root.kind === "scalar" && root.value === null ? "an empty file" : describeNode(root);
  const message = `expected a mapping of scenario keys, got ${found}`;
  throw new SeedBulkError("SB_SCENARIO_INVALID", formatProblem({ origin: root.origin, path: [], message }));
}

/** Reads no more than the bound, whatever the path turns out to be: a pipe, a device, a file that grows. */
async function readBounded(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "r");
    const buffer = Buffer.allocUnsafe(FILE_BYTES_MAX + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
    }
  } catch (cause) {
    throw unreadable(file, cause);
  } finally {
    await handle?.close();
  }
  throw new SeedBulkError("SB_SCENARIO_INVALID", `${displayPath(file)}: a scenario file is at most 1 MiB`);
}

function unreadable(file: string, cause: unknown): SeedBulkError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    { ENOENT: "no such file", EISDIR: "it is a directory", EACCES: "permission denied" }[String(code)] ??
    String((cause as Error).message);
  return new SeedBulkError("SB_SCENARIO_NOT_FOUND", `cannot read the scenario ${quote(displayPath(file))}: ${why}`, {
    cause,
    hint: "`seed-bulk scenarios` lists the scenarios there are.",
  });
}

function decode(bytes: Buffer, file: string): string {
  try {
    // The decoder drops a byte order mark, so columns count from the first visible letter.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw syntaxError({ kind: "file", file, line: 1, column: 1 }, "the file is not UTF-8 text", cause);
  }
}

function parseOne(text: string, file: string, lines: LineCounter): Document.Parsed {
  // uniqueKeys compares every pair of keys, minutes for a hostile megabyte; the builder below does it with a map.
  const documents = [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })];
  const first = documents[0];
  if (first === undefined) {
    const message = "expected a mapping of scenario keys, got an empty file";
    throw new SeedBulkError(
      "SB_SCENARIO_INVALID",
      formatProblem({ origin: { kind: "file", file, line: 1, column: 1 }, path: [], message }),
    );
  }
  // A warning means a tag that was not understood: the value is not what the author thinks it is.
  const faults = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  const fault = faults.sort((a, b) => a.pos[0] - b.pos[0])[0];
  if (fault !== undefined) {
    const exhausted = fault.code === "RESOURCE_EXHAUSTION";
    throw syntaxError(
      originOf(fault.pos[0], file, lines),
      exhausted ? "nested too deeply" : oneLine(fault.message),
      fault,
    );
  }
  const second = documents[1];
  if (second !== undefined) {
    const offset = second.contents?.range[0] ?? second.range[0];
    throw syntaxError(originOf(offset, file, lines), "expected one YAML document, found a second");
  }
  return first;
}

/** Turns YAML's nodes into ours, with a bound on what aliases can multiply. */
class TreeBuilder {
  readonly #document: Document.Parsed;
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #valuesMax: number;
  #nodes = 0;
  #aliases = 0;

  constructor(
    document: Document.Parsed,
    { file, lines, valuesMax }: { readonly file: string; readonly lines: LineCounter; readonly valuesMax: number },
  ) {
    this.#document = document;
    this.#file = file;
    this.#lines = lines;
    this.#valuesMax = valuesMax;
  }

  /** @param fallback where the node is taken to be if YAML gives it no place of its own */
  build(node: Node | null, fallback: Origin, depth = 0): ScenarioNode {
    const origin = this.#originOf(node) ?? fallback;
    if (++this.#nodes > this.#valuesMax) throw syntaxError(origin, `more than ${this.#valuesMax} values`);
    if (depth > DEPTH_MAX) throw syntaxError(origin, "nested too deeply");
    if (isAlias(node)) {
      if (++this.#aliases > ALIASES_MAX) throw syntaxError(origin, `more than ${ALIASES_MAX} aliases`);
      const target = node.resolve(this.#document);
      if (target === undefined) throw syntaxError(origin, `no anchor ${quote(node.source)} before this alias`);
      return this.build(target, origin, depth + 1);
    }
    if (isMap(node)) return { kind: "map", entries: this.#entriesOf(node, depth), origin };
    if (isSeq(node)) {
      return { kind: "list", items: node.items.map((item) => this.build(item as Node, origin, depth + 1)), origin };
    }
    return { kind: "scalar", value: isScalar(node) ? scalarValue(node, origin) : null, origin };
  }

  #entriesOf(map: YAMLMap, depth: number): Map<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const keyOrigin = this.#originOf(pair.key) ?? this.#originOf(map) ?? UNPLACED;
      const key = keyText(pair.key, keyOrigin);
      if (entries.has(key)) throw syntaxError(keyOrigin, `key ${quote(key)} is given twice`);
      const node = this.build(pair.value, keyOrigin, depth + 1);
      // A mapping begins at its first key; its own key is where a reader looks for it.
      entries.set(key, { keyOrigin, node: node.kind === "map" ? { ...node, origin: keyOrigin } : node });
    }
    return entries;
  }

  #originOf(node: Node | null): Origin | undefined {
    const offset = node?.range?.[0];
    return offset === undefined ? undefined : originOf(offset, this.#file, this.#lines);
  }
}

const UNPLACED: Origin = { kind: "default" };

function keyText(key: Node | null, origin: Origin): string {
  if (!isScalar(key)) throw syntaxError(origin, "a key must be a word");
  const text = typeof key.value === "string" ? key.value : (key.source ?? "");
  if (text === "") throw syntaxError(origin, "a key must be a word");
  if (text === "__proto__") throw syntaxError(origin, `key ${quote(text)} is not allowed`);
  return text;
}

function scalarValue(node: Scalar, origin: Origin): ScalarNode["value"] {
  const { value } = node;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  // -0 is 0 in JSON: kept, it would make a plan whose hash changes on the way to a worker.
  if (typeof value === "number") return value === 0 ? 0 : value;
  // `%YAML 1.1` turns on types that scenarios have no use for: binary, sets, timestamps.
  throw syntaxError(origin, "expected a plain text, number, true, false or null");
}

function originOf(offset: number, file: string, lines: LineCounter): Origin {
  const { line, col } = lines.linePos(offset);
  return { kind: "file", file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** YAML's messages quote the file, which may hold anything: no line breaks, no control codes, no megabytes. */
function oneLine(text: string): string {
  const words = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return words.length > 200 ? `${words.slice(0, 200)}…` : words;
}

function syntaxError(origin: Origin, message: string, cause?: unknown): SeedBulkError {
  return new SeedBulkError("SB_SCENARIO_SYNTAX", formatProblem({ origin, path: [], message }), { cause });
}
