import type { Model } from "../../model/model.js";
import { gamingAnomalies } from "./anomalies.js";
import { authEvents } from "./auth-events.js";
import { characterStats } from "./character-stats.js";
import { characters } from "./characters.js";
import { chatChannels } from "./chat-channels.js";
import { chatMessages } from "./chat-messages.js";
import { gamingChecks } from "./checks.js";
import { dictionaries } from "./dictionaries.js";
import { guildMembers, guilds } from "./guilds.js";
import { inventory } from "./inventory.js";
import { itemCategories, items } from "./items.js";
import { gamingKnobs } from "./knobs.js";
import { loginHistory } from "./logins.js";
import { marketListings } from "./market-listings.js";
import { playerSessions } from "./sessions.js";
import { transactions } from "./transactions.js";
import { users } from "./users.js";

/** An online role-playing game: accounts and characters, logins and sessions, trades, and attacks on accounts. */
export const gaming: Model = {
  name: "gaming",
  description: "An online game: accounts, characters, logins, sessions, trades of items, and attacks on accounts",
  schema: "gaming",
  knobs: gamingKnobs,
  checks: gamingChecks,
  anomalies: gamingAnomalies,
  entities: [
    users,
    characters,
    chatChannels,
    itemCategories,
    items,
    loginHistory,
    authEvents,
    playerSessions,
    transactions,
    characterStats,
    guilds,
    guildMembers,
    inventory,
    chatMessages,
    marketListings,
  ],
  dictionaries,
};
