import type { Plan } from "../../model/plan.js";

/** Rows that a plan may have where --max-rows does not say otherwise. */
export const MAX_ROWS_DEFAULT = 2_000_000_000;

/** What is about to be written, and where. */
export interface GuardRequest {
  readonly url: string;
  /** Whether it is the embedded server, which needs no enabling. */
  readonly embedded: boolean;
  readonly schema: string;
  readonly plan: Plan;
  /** Bytes of the plan that are in the database already, for a run that is resumed. */
  readonly bytesDone?: number;
  /** Whether what earlier runs made in the schema is dropped first. */
  readonly replace: boolean;
  /** Whether the schema may be one that seed-bulk did not make. */
  readonly adoptSchema: boolean;
  readonly maxRows: number;
  /** Whether the tables are to be unlogged. */
  readonly unlogged?: boolean;
  /** Told what is worth knowing of the server, where nothing is refused. */
  readonly onNotice?: ((text: string) => void) | undefined;
  readonly env: NodeJS.ProcessEnv;
}
