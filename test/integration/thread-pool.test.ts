import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { ShardTask, ThreadData } from "../../src/engine/threads/protocol.js";
import { Supervisor } from "../../src/engine/threads/supervisor.js";
import { ThreadPool } from "../../src/engine/threads/thread-pool.js";
import { entityShards } from "../../src/model/plan.js";
import { planned } from "../support/planned.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("keeps nothing of a task that is done: results may be megabytes, and there are many", async () => {
  const { universe, plan } = await planned("demo");
  const data: ThreadData = { model: { kind: "builtIn", name: plan.scenario.model } };
  const pool = new ThreadPool("shard", 1, data);
  try {
    const [shard] = entityShards(plan.entities[0]);
    const load = { universe: universe.share(), sink: { kind: "digest" }, ...new Supervisor([shard.entity], {}).shared };
    const task = { load, shard, attempt: 1 } as ShardTask;
    const results: WeakRef<object>[] = [];
    for (let i = 0; i < 5; i++) results.push(new WeakRef((await pool.run(task)) as object));
    // A turn of the loop, so that nothing on the stack holds the last one.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(results.slice(0, -1).map((result) => result.deref())).toEqual([undefined, undefined, undefined, undefined]);
  } finally {
    await pool.close();
  }
});
