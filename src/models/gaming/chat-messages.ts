import { described, hidden } from "../../columns/column.js";
import { id, linked, parent } from "../../columns/keys.js";
import { numberFor } from "../../columns/lists.js";
import { wordBy } from "../../columns/text.js";
import { chance, textChoice } from "../../columns/values.js";
import { INT2, TEXT } from "../../core/sql-type.js";
import { childrenOf, entity } from "../../model/entity.js";
import { CHANNEL_WEIGHTS, CHANNELS, MESSAGES } from "./data/words.js";
import { duringSession } from "./moments.js";

/** Channels in the order of their IDs. */
const CHANNEL_IDS = CHANNELS.map((_, at) => 1 + at);

/** What players say while they play, behind its feature. */
export const chatMessages = entity("chat_messages", {
  comment: "What players say in the channels while they play",
  feature: "chat",
  rows: childrenOf("player_sessions", { by: "chat_count" }),
  columns: {
    id: id(),
    session: hidden(parent("player_sessions")),
    channel: hidden(textChoice(CHANNEL_WEIGHTS)),
    channel_id: {
      ...numberFor("channel", CHANNEL_IDS, INT2),
      references: { entity: "chat_channels", foreignKey: true },
    },
    character_id: linked("characters", "session.character_id"),
    user_id: described("Who plays the character", linked("users", "session.user_id")),
    sent_at: duringSession("chat_count"),
    message: wordBy("channel", (channel) => MESSAGES[channel as keyof typeof MESSAGES], TEXT),
    is_flagged: described("Reported by another player", chance(0.012)),
  },
  indexes: [["channel_id", "sent_at"], ["user_id"]],
});
