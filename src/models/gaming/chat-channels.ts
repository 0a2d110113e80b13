import { unique } from "../../columns/column.js";
import { id } from "../../columns/keys.js";
import { inTurn } from "../../columns/lists.js";
import { INT2, TEXT } from "../../core/sql-type.js";
import { entity, rows } from "../../model/entity.js";
import { CHANNELS } from "./data/words.js";
import { windowStart } from "./moments.js";

/** Where players talk. */
export const chatChannels = entity("chat_channels", {
  comment: "Where players talk; there are exactly these",
  rows: rows(() => CHANNELS.length),
  columns: {
    id: id(INT2),
    name: unique(inTurn(CHANNELS.map(([name]) => name))),
    description: inTurn(
      CHANNELS.map(([, description]) => description),
      TEXT,
    ),
    created_at: windowStart(),
  },
});
