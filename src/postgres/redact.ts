import { sessionOf } from "./session.js";

// Apart from connections: every command may have an error to tell, and few of them need the driver.

/** A password among parameters, quoted or not: `?password=…`, and libpq's `password='…'`. */
const PASSWORD_PARAMETER = /(password\s*=\s*)(?:'(?:[^'\\]|\\.)*'|[^&#\s]*)/gi;

/**
 * A database URL without its password, for people. By pattern, and rather too much than too little: all from the first
 * colon behind the scheme to the last @, since a password with an @ or a / in it that nobody has encoded is what makes
 * a URL unreadable.
 */
export function redactUrl(url: string): string {
  return sessionOf(url)
    .url // The scheme in a lookahead, which is not tried again without it.
    .replace(/^(?=((?:postgres(?:ql)?:\/*|\w+:\/\/)?))\1([^:@]*):.*@/s, "$1$2:***@")
    .replace(PASSWORD_PARAMETER, "$1***");
}

/** A text without the passwords of the database URLs in it, line by line. */
export function redactText(text: string): string {
  return text.replace(/(\w+:\/\/[^:@\s]*):.*@/g, "$1:***@").replace(PASSWORD_PARAMETER, "$1***");
}
