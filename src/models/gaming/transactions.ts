import { anomalyOf, struck } from "../../columns/anomalies.js";
import { type Column, checked, described, hidden } from "../../columns/column.js";
import { either } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { format } from "../../columns/text.js";
import { chance, copied, numbers, numbersOf } from "../../columns/values.js";
import { cellBits, fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { INT8, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { itemBy } from "./item-choice.js";

/** Players ask from four fifths to five quarters of what an item is worth. */
const PRICE_LEAST = 0.8;
const PRICE_MOST = 1.25;

/** A struck trade costs this many times its item's value. */
export const SPIKE_LEAST = 4;
const SPIKE_MOST = 12;

/** Trades of items between players. */
export const transactions = entity("transactions", {
  comment: "Trades, made while one of the two players plays; players and items are referred to by their names",
  rows: childrenOf("player_sessions", { total: ({ sizes }) => sizes["transactions"] }),
  columns: {
    id: id(),
    session: hidden(parent("player_sessions")),
    player: hidden(linked("users", "session.user_id")),
    partner: hidden(partnerOf()),
    coin: hidden(chance(0.5)),
    from_user: hidden(byCoin("player", "partner")),
    to_user: hidden(byCoin("partner", "player")),
    item: hidden(itemBy()),
    anomaly: hidden(anomalyOf()),
    spiked: hidden(struck("price_spike", "anomaly")),
    from_username: copied("from_user.username", TEXT),
    to_username: checked("from_username <> to_username", copied("to_user.username", TEXT)),
    item_name: copied("item.name", TEXT),
    list_value: described("What the item was worth then: items.gold_value", copied("item.gold_value", INT8)),
    gold_value: checked("gold_value > 0", described("What was paid", either("spiked", spike(), priceAround()))),
    timestamp: tradedAt(),
    spike_note: hidden(format("{gold_value} gold for {item_name}, which is worth {list_value}")),
  },
  indexes: [["timestamp"], ["from_username"], ["to_username"]],
});

/** Somebody who registered before the player, so that both were there; the very first player trades with the second. */
function partnerOf(): Column {
  return {
    ...numbers(
      { type: INT8, reads: ["player"], about: "any account registered before the player's" },
      (context, inputs) => {
        const players = numbersOf(inputs, 0).values;
        const { firstId } = context.entity("users");
        const key = context.key();
        return ({ rowIndexes, count }, out) => {
          for (let i = 0; i < count; i++) {
            const earlier = players[i] - firstId;
            const bits = cellBits(key, rowIndexes[i], 0);
            out[i] = firstId + (earlier === 0 ? 1 : multiplyHigh(bits, earlier));
          }
        };
      },
    ),
    references: { entity: "users", foreignKey: false },
  };
}

/** The one where the coin shows 0, the other where it shows 1. */
function byCoin(heads: string, tails: string): Column {
  const about = `${heads} or ${tails}, as a coin falls`;
  return {
    ...numbers({ type: INT8, reads: [heads, tails, "coin"], about }, (_context, inputs) => {
      const [first, second, coin] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = coin[i] === 0 ? first[i] : second[i];
      };
    }),
    references: { entity: "users", foreignKey: false },
  };
}

/** Around the item's value, which the row has as `list_value`. */
export function priceAround(): Column {
  const about = `${PRICE_LEAST} to ${PRICE_MOST} times the item's value`;
  return timesValue(about, PRICE_LEAST, PRICE_MOST);
}

function spike(): Column {
  return timesValue(`${SPIKE_LEAST} to ${SPIKE_MOST} times the item's value`, SPIKE_LEAST, SPIKE_MOST);
}

function timesValue(about: string, least: number, most: number): Column {
  return numbers({ type: INT8, reads: ["list_value"], about }, (context, inputs) => {
    const worth = numbersOf(inputs, 0).values;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++)
        out[i] = Math.max(1, Math.ceil(worth[i] * (least + (most - least) * unitOf(bits[i]))));
    };
  });
}

/** During the session, and not before either is registered. */
function tradedAt(): Column {
  const reads = ["session.login_time", "session.ended_at", "partner.created_at"];
  return numbers({ type: TIMESTAMPTZ, reads, about: "a moment of the session, evenly" }, (context, inputs) => {
    const [start, end, since] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        out[i] = Math.max(since[i], start[i] + Math.floor(unitOf(bits[i]) * (end[i] - start[i])));
      }
    };
  });
}
