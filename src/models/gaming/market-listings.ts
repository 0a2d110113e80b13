import { type Column, checked, described, hidden } from "../../columns/column.js";
import { onlyWhere } from "../../columns/conditions.js";
import { id, linked, parent } from "../../columns/keys.js";
import { after } from "../../columns/times.js";
import { codes, copied, drawn, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { exponential } from "../../core/distributions.js";
import { cellBits, fillBits, multiplyHigh, unitOf } from "../../core/random.js";
import { BOOL, enumType, INT2, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { itemBy } from "./item-choice.js";
import { duringSession } from "./moments.js";
import { priceAround } from "./transactions.js";

const STATUSES = ["active", "sold", "expired", "cancelled"] as const;
const [ACTIVE, SOLD, EXPIRED, CANCELLED] = [0, 1, 2, 3];

/** Of all listings, as far as the window reaches. */
const SOLD_SHARE = 0.58;
const CANCELLED_SHARE = 0.09;

/** What players offer on the market, behind its feature. */
export const marketListings = entity("market_listings", {
  comment: "Items that characters offer on the market, and what became of the offer by the window's end",
  feature: "market",
  rows: childrenOf("player_sessions", { by: "listing_count" }),
  columns: {
    id: id(),
    session: hidden(parent("player_sessions")),
    seller_id: linked("characters", "session.character_id"),
    item_id: { ...itemBy(), references: { entity: "items", foreignKey: true } },
    quantity: checked(
      "quantity > 0",
      drawn({ type: INT2, about: "1 to 20, mostly 1", quantile: () => exponential(1.6), low: 1, high: 20 }),
    ),
    list_value: hidden(copied("item_id.gold_value", INT8)),
    unit_price: checked("unit_price > 0", described("Gold asked for one", priceAround())),
    listed_at: duringSession("listing_count"),
    expires_at: after("listed_at", 1, 3),
    end_at: hidden(endAt()),
    status: status(),
    is_sold: hidden(statusIs(SOLD)),
    is_cancelled: hidden(statusIs(CANCELLED)),
    sold_at: onlyWhere("is_sold", copied("end_at", TIMESTAMPTZ)),
    cancelled_at: onlyWhere("is_cancelled", copied("end_at", TIMESTAMPTZ)),
    buyer_id: described("The first character of somebody who registered before the seller", buyerId()),
  },
  indexes: [["item_id", "status"], ["seller_id"], ["buyer_id"], ["listed_at"]],
});

/** When it was bought or taken back, if it was: sooner rather than later. */
function endAt(): Column {
  const reads = ["listed_at", "expires_at"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "before it expires, sooner rather than later" },
    (context, inputs) => {
      const [from, to] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const key = context.key();
      const bits = new Uint32Array(BATCH_ROWS_MAX);
      return ({ rowIndexes, count }, out) => {
        fillBits(key, rowIndexes, count, 0, bits);
        for (let i = 0; i < count; i++) {
          const share = unitOf(bits[i]);
          out[i] = from[i] + Math.floor(share * share * (to[i] - from[i]));
        }
      };
    },
  );
}

/** The very first player's offers find no buyer who was there before. */
function status(): Column {
  const spec = {
    type: enumType("listing_status", STATUSES),
    labels: STATUSES,
    about: "by shares, as far as time allows",
  };
  const reads = ["end_at", "expires_at", "session.user_id"];
  return codes({ ...spec, reads }, (context, inputs) => {
    const [end, expires, users] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const { firstId } = context.entity("users");
    const { to } = context.windowUs;
    const key = context.key();
    const bits = new Uint32Array(BATCH_ROWS_MAX);
    return ({ rowIndexes, count }, out) => {
      fillBits(key, rowIndexes, count, 0, bits);
      for (let i = 0; i < count; i++) {
        const unit = unitOf(bits[i]);
        const idle = expires[i] >= to - 1 ? ACTIVE : EXPIRED;
        if (unit >= SOLD_SHARE + CANCELLED_SHARE || end[i] >= to) out[i] = idle;
        else if (unit >= SOLD_SHARE) out[i] = CANCELLED;
        else out[i] = users[i] === firstId ? idle : SOLD;
      }
    };
  });
}

function statusIs(code: number): Column {
  return numbers({ type: BOOL, reads: ["status"], about: `1 where ${STATUSES[code]}` }, (_context, inputs) => {
    const { codes: found } = wordsOf(inputs, 0);
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) out[i] = found[i] === code ? 1 : 0;
    };
  });
}

function buyerId(): Column {
  const reads = ["session.user_id"];
  const picked = numbers({ type: INT8, reads, about: "a character of an earlier account" }, (context, inputs) => {
    const users = numbersOf(inputs, 0).values;
    const firstUserId = context.entity("users").firstId;
    const { firstId } = context.entity("characters");
    const { start } = context.fanOut("characters");
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const earlier = users[i] - firstUserId;
        out[i] = firstId + start(multiplyHigh(cellBits(key, rowIndexes[i], 0), earlier));
      }
    };
  });
  return { ...onlyWhere("is_sold", picked), references: { entity: "characters", foreignKey: true } };
}
