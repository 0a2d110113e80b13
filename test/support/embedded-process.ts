import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const DIST_MODULE = fileURLToPath(new URL("../../dist/src/postgres/embedded/index.js", import.meta.url));

const SCRIPT = `
const { acquireEmbeddedServer } = await import(process.argv[1]);
const server = await acquireEmbeddedServer({ home: process.argv[2] });
console.log(JSON.stringify(server));
process.stdin.resume().once("end", () => server.release());
`;

/** What the other process got. */
export interface AcquiredElsewhere {
  url: string;
  started: boolean;
  initialised: boolean;
}

/** Another process that uses the home's server, as a second seed-bulk command would. Needs `dist/`: Node 20 runs no TypeScript. */
export class EmbeddedProcess {
  readonly child: ChildProcess;
  /** Settles once it has the server. */
  readonly acquired: Promise<AcquiredElsewhere>;

  constructor(home: string) {
    this.child = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT, DIST_MODULE, home], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.acquired = firstLineOf(this.child).then((line) => JSON.parse(line) as AcquiredElsewhere);
  }

  /** Lets it release the server and come to its end by itself. Resolves to its exit code. */
  async finish(): Promise<number | null> {
    const exit = once(this.child, "exit");
    this.child.stdin?.end();
    const [code] = await exit;
    return code as number | null;
  }

  /** Ends it so that it can release nothing. */
  async kill(): Promise<void> {
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }
}

async function firstLineOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the child has no standard output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("the child ended before it had a server");
}
