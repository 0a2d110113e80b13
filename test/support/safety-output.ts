import type { Command } from "commander";
import { vi } from "vitest";

/** Runs a command in this process. */
export async function outcomeOf(
  command: Command,
  args: readonly string[],
): Promise<{ stdout: string; error: unknown }> {
  let stdout = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += text;
    return true;
  });
  try {
    await command
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .parseAsync([...args], { from: "user" });
    return { stdout, error: undefined };
  } catch (error) {
    return { stdout, error };
  } finally {
    write.mockRestore();
  }
}
