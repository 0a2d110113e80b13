/** What one types, and what for: shown by each command's help. */
export interface Example {
  readonly about: string;
  readonly line: string;
}

/** By command. A test sees to it that each has some and takes what they say. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  generate: [
    { about: "a small scenario, into the embedded Postgres", line: "--scenario demo" },
    { about: "ten times as much, into a database of your own", line: "--scenario demo --scale 10 --database-url $URL" },
    { about: "a model of your own, a million rows", line: "--model ./shop.model.yaml --rows 1000000" },
    { about: "the same again, over what is there", line: "--scenario demo --replace --yes" },
    { about: "how fast the rows alone are made", line: "--scenario load_test --sink discard --workers 8" },
  ],
  plan: [
    { about: "how many rows each table gets, and how long it takes", line: "plan --scenario load_test --scale 10" },
    {
      about: "whether it is still the data set of the last benchmark",
      line: "plan --scenario load_test --expect-plan 5f0c11aa",
    },
  ],
  preview: [
    { about: "the first rows of a table", line: "preview --scenario demo --entity recipients" },
    {
      about: "twenty from the row with the ID 500 on",
      line: "preview --scenario demo --entity events --at 500 --rows 20",
    },
  ],
  sample: [
    {
      about: "names and passwords for a load generator",
      line: "sample --scenario ctf --entity users --columns id,username,password --rows 1000 > users.csv",
    },
    { about: "from the whole table, as JSON", line: "sample --scenario demo --entity contacts --spread --format json" },
  ],
  explain: [
    { about: "where a row's values come from", line: "explain --scenario demo --entity gift_cards --id 7" },
    { about: "one of them in depth", line: "explain --scenario demo --entity events --id 42 --column occurred_at" },
  ],
  export: [
    {
      about: "a file a table, with the scripts of tables and keys",
      line: "export --scenario demo --format csv --out ./demo",
    },
    { about: "one script for psql", line: "export --scenario demo --format sql --out - | psql $URL" },
    { about: "one table into a pipe", line: "export --scenario demo --only events --format jsonl --out - | head" },
  ],
  init: [{ about: "write ./shop.model.yaml and fill it", line: "init && npx seed-bulk --model ./shop.model.yaml" }],
  fill: [
    { about: "the tables of a database of yours", line: "fill --database-url $URL --rows 5000000" },
    { about: "a dump's tables, in the embedded Postgres", line: "fill --ddl schema.sql --rows 100000" },
    { about: "all but some", line: "fill --database-url $URL --exclude 'audit_*,sessions'" },
  ],
  introspect: [
    { about: "a model file of a database, to be edited", line: "introspect --database-url $URL --out app.model.yaml" },
    {
      about: "after a migration: what is new is added",
      line: "introspect --database-url $URL --out app.model.yaml --update",
    },
  ],
  kinds: [
    { about: "all of them", line: "kinds" },
    { about: "one, with its parameters and an example", line: "kinds lognormal" },
  ],
  scenarios: [{ about: "with rows, size and time", line: "scenarios" }],
  validate: [
    { about: "what a scenario comes to, and where each value is from", line: "validate --scenario ./mine.yaml" },
  ],
  verify: [
    { about: "the newest run, on any day after it", line: "verify" },
    { about: "every byte of it", line: "verify --exact" },
    { about: "what an export put into a database", line: "verify --scenario demo --database-url $URL" },
  ],
  resume: [
    { about: "the last run that was broken off", line: "resume" },
    { about: "a certain one", line: "resume 3f2a51c0 --database-url $URL" },
  ],
  work: [
    { about: "told by a queue", line: "work 3f2a51c0 --database-url $URL --engine pg-boss --workers 8" },
    {
      about: "one of sixteen, then what the others lack",
      line: "work 3f2a51c0 --database-url $URL --part 3/16 --steal",
    },
  ],
  k8s: [
    { about: "a Job of 64 pods", line: "k8s 3f2a51c0 --parts 64 --image seed-bulk:1 | kubectl apply -f -" },
    {
      about: "the Secret that it reads",
      line: "kubectl create secret generic seed-bulk-database --from-literal=url=$URL",
    },
  ],
  requeue: [{ about: "after the queue was lost", line: "requeue 3f2a51c0 --database-url $URL" }],
  status: [
    { about: "all runs of a database", line: "status" },
    { about: "one, until it is done", line: "status 3f2a51c0 --watch" },
  ],
  cleanup: [
    { about: "what would go", line: "cleanup" },
    { about: "let it go", line: "cleanup --confirm DELETE_ALL_MOCK_DATA" },
  ],
  "restore-definitions": [
    { about: "of the last run that was broken off", line: "restore-definitions --database-url $URL" },
  ],
  toggle: [{ about: "nobody fills this database any more", line: "toggle --disable --database-url $URL" }],
  serve: [
    { about: "the page, at http://127.0.0.1:8787", line: "serve" },
    { about: "for others, with a token", line: "serve --host 0.0.0.0 --token $TOKEN" },
  ],
  wizard: [{ about: "asks, and prints the command that does the same", line: "wizard" }],
  bench: [
    { about: "small figures in a minute or two", line: "bench --quick" },
    {
      about: "this version against an earlier report",
      line: "bench load --out ./report --baseline ./report/before.json",
    },
  ],
  completion: [
    { about: "for this shell", line: 'eval "$(seed-bulk completion bash)"' },
    { about: "for every fish", line: "completion fish > ~/.config/fish/completions/seed-bulk.fish" },
  ],
  doctor: [{ about: "what is there, what is wrong, what to do", line: "doctor --database-url $URL" }],
  db: [
    { about: "keep it up", line: "db start" },
    { about: "look into it", line: 'psql "$(npx seed-bulk db url)"' },
  ],
};

/** A command's examples as its help ends with. */
export function examplesOf(name: string): string {
  const examples = EXAMPLES[name] ?? [];
  return `\nExamples:${examples.map(({ about, line }) => `\n  # ${about}\n  ${typed(line)}`).join("")}`;
}

/** Lines of other programs stand as they are. */
function typed(line: string): string {
  return /^(psql|kubectl|eval) /.test(line) ? line : `npx seed-bulk ${line}`;
}
