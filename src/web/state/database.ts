import { signal } from "@preact/signals";
import { api } from "../api/client.js";
import type { Database } from "../api/types.js";

/** The database that the server fills; null until it is known. */
export const database = signal<Database | null>(null);

/** Asks which database it is; a server that cannot say has said so elsewhere. */
export async function loadDatabase(): Promise<void> {
  database.value = await api.database().catch(() => null);
}
