import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { hash } from "bcryptjs";
import { passwordAt } from "./words.js";

// Makes hashes.ts anew, with fresh salts: `npm run build && node dist/src/models/passwords/make-hashes.js`
// from the repository's root. About ten seconds. Every stored hash changes with it, and so do the digests of every table of users.

const PASSWORDS = 128;
const COST = 10;

const hashes: string[] = [];
for (let index = 0; index < PASSWORDS; index++) {
  hashes.push((await hash(passwordAt(index), COST)).replace(/^\$2[ay]\$/, "$2b$"));
}

const text = `// Made by make-hashes.ts; not to be edited by hand.

/** bcrypt hashes of the passwords quest-0001, quest-0002 … quest-0${PASSWORDS}, in their order. */
export const PASSWORD_HASHES: readonly string[] = [
${hashes.map((one) => `  ${JSON.stringify(one)},`).join("\n")}
];
`;
writeFileSync(resolve("src/models/passwords/hashes.ts"), text);
