import { type BindContext, type Column, described, hidden } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { HOUR_US } from "../../core/calendar.js";
import { cellBits } from "../../core/random.js";
import { enumType, INT4, INT8, TIMESTAMPTZ } from "../../core/sql-type.js";
import { BATCH_ROWS_MAX, type NumberVector, setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { catalogueOf } from "./products.js";
import { ADJUSTED_UNITS_MAX, ADJUSTMENTS, headRows, STRETCH_ORDERS } from "./stock-layout.js";
import { userPicker } from "./users.js";
import { within } from "./vocabulary.js";

export const MOVEMENT_TYPES = ["initial", "restock", "fulfilment", "return", "adjustment"] as const;
const [INITIAL, RESTOCK, FULFILMENT, RETURN, ADJUSTMENT] = [0, 1, 2, 3, 4];

/** Stretches whose demand is kept a thread; batches go through the orders in their order. */
const STRETCHES_KEPT = 8;

/** Units added to and taken from stock. */
export const inventoryMovements = entity("inventory_movements", {
  comment:
    "Units that came into stock and left it; a product's sum in the order of moved_at and ID is never below zero",
  rows: childrenOf("orders", { by: "movement_count" }),
  columns: {
    id: id(),
    beside: hidden(parent("orders")),
    place: hidden(place()),
    movement_type: movementType(),
    order_id: orderId(),
    order_item_id: orderItemId(),
    product_id: productId(),
    quantity: described("Units added; below zero where they left", quantity()),
    moved_by: movedBy(),
    moved_at: movedAt(),
  },
  indexes: [["product_id", "moved_at"], ["order_id"], ["movement_type"]],
});

/** The movement's place among its order's lines: from 0 as they leave, then as they come back; below 0 in restocking. */
function place(): Column {
  const reads = ["$parent", "$ordinal"];
  return numbers(
    { type: INT4, reads, about: "place among the order's lines; below 0 in restocking" },
    (context, inputs) => {
      const [orders, ordinals] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const products = context.entity("products").rowCount;
      return ({ count }, out) => {
        for (let i = 0; i < count; i++) out[i] = ordinals[i] - headRows(orders[i], products);
      };
    },
  );
}

function movementType(): Column {
  const spec = {
    type: enumType("movement_type", MOVEMENT_TYPES),
    labels: MOVEMENT_TYPES,
    reads: ["place", "beside", "beside.line_count"],
    about: "restocking, corrections, what leaves and what comes back",
  };
  return codes(spec, (context, inputs) => {
    const [places, orders, lines] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const firstOrderId = context.entity("orders").firstId;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        if (places[i] >= 0) out[i] = places[i] < lines[i] ? FULFILMENT : RETURN;
        else if (places[i] >= -ADJUSTMENTS) out[i] = ADJUSTMENT;
        else out[i] = orders[i] === firstOrderId ? INITIAL : RESTOCK;
      }
    };
  });
}

/** NULL in restocking. */
function orderId(): Column {
  const about = "the order whose goods leave or come back";
  return {
    ...numbers({ type: INT8, reads: ["place", "beside"], about, nullable: true }, (_context, inputs) => {
      const [places, ids] = inputs.map((_, at) => numbersOf(inputs, at).values);
      return ({ count }, out, nulls) => {
        for (let i = 0; i < count; i++) {
          out[i] = ids[i];
          if (places[i] < 0) setNull(nulls, i);
        }
      };
    }),
    references: { entity: "orders", foreignKey: true },
  };
}

function orderItemId(): Column {
  const reads = ["place", "$parent", "beside.line_count"];
  return {
    ...numbers(
      { type: INT8, reads, about: "the line that leaves or comes back", nullable: true },
      (context, inputs) => {
        const [places, orders, lines] = inputs.map((_, at) => numbersOf(inputs, at).values);
        const { start } = context.fanOut("order_items");
        const { firstId } = context.entity("order_items");
        return ({ count }, out, nulls) => {
          for (let i = 0; i < count; i++) {
            if (places[i] < 0) setNull(nulls, i);
            else out[i] = firstId + start(orders[i]) + (places[i] < lines[i] ? places[i] : places[i] - lines[i]);
          }
        };
      },
    ),
    references: { entity: "order_items", foreignKey: true },
  };
}

/** In restocking every product in turn, then a few for corrections. */
function productId(): Column {
  const reads = ["place", "$ordinal", "order_item_id.product_id"];
  return {
    ...numbers({ type: INT8, reads, about: "the line's product; in restocking each in turn" }, (context, inputs) => {
      const [places, ordinals, ofLine] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const { firstId, rowCount } = context.entity("products");
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          if (places[i] >= 0) out[i] = ofLine[i];
          else if (places[i] < -ADJUSTMENTS) out[i] = firstId + ordinals[i];
          else out[i] = firstId + within(cellBits(key, rowIndexes[i], 0), 0, rowCount - 1);
        }
      };
    }),
    references: { entity: "products", foreignKey: true },
  };
}

function quantity(): Column {
  const reads = ["movement_type", "$parent", "$ordinal", "order_item_id.quantity"];
  const about = "less or plus the line's quantity; in restocking what the next orders take, in whole cases";
  return numbers({ type: INT4, reads, about }, (context, inputs) => {
    const types = wordsOf(inputs, 0).codes;
    const [orders, ordinals, ofLine] = [1, 2, 3].map((at) => numbersOf(inputs, at).values);
    const restockOf = restocks(context);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const type = types[i];
        if (type === FULFILMENT) out[i] = -ofLine[i];
        else if (type === RETURN) out[i] = ofLine[i];
        else if (type === ADJUSTMENT) {
          const units = within(cellBits(key, rowIndexes[i], 0), 1, ADJUSTED_UNITS_MAX);
          out[i] = (cellBits(key, rowIndexes[i], 1) & 3) === 0 ? units : -units;
        } else out[i] = restockOf(orders[i] / STRETCH_ORDERS)[ordinals[i]];
      }
    };
  });
}

/** From a stretch of orders to the units that each product is restocked by: its lines' and corrections', in whole cases. */
function restocks(context: BindContext): (stretch: number) => Float64Array {
  const { size, caseSizes } = catalogueOf(context);
  const { start } = context.fanOut("order_items");
  const orders = context.entity("orders").rowCount;
  const { firstId } = context.entity("products");
  const program = context.program("order_items", ["product_id", "quantity"]);
  const kept = Array.from({ length: STRETCHES_KEPT }, () => ({ stretch: -1, units: new Float64Array(size) }));
  return (stretch) => {
    const slot = kept[stretch % STRETCHES_KEPT];
    if (slot.stretch === stretch) return slot.units;
    const { units } = slot;
    units.fill(ADJUSTMENTS * ADJUSTED_UNITS_MAX);
    const end = start(Math.min(orders, (stretch + 1) * STRETCH_ORDERS));
    for (let row = start(stretch * STRETCH_ORDERS); row < end; row += BATCH_ROWS_MAX) {
      const count = Math.min(BATCH_ROWS_MAX, end - row);
      program.run(row, count);
      const products = (program.vector("product_id") as NumberVector).values;
      const quantities = (program.vector("quantity") as NumberVector).values;
      for (let i = 0; i < count; i++) units[products[i] - firstId] += quantities[i];
    }
    for (let product = 0; product < size; product++) {
      units[product] = Math.ceil(units[product] / caseSizes[product]) * caseSizes[product];
    }
    slot.stretch = stretch;
    return units;
  };
}

function movedBy(): Column {
  const reads = ["place", "beside.handler"];
  return {
    ...numbers({ type: INT8, reads, about: "who handles the order; in restocking, support" }, (context, inputs) => {
      const [places, handler] = inputs.map((_, at) => numbersOf(inputs, at).values);
      const pick = userPicker(context, "Support");
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          out[i] = places[i] >= 0 ? handler[i] : pick(cellBits(key, rowIndexes[i], 0));
        }
      };
    }),
    references: { entity: "users", foreignKey: true },
  };
}

/** Restocking comes with the stretch's first order, at the start with the window; goods leave with the van. */
function movedAt(): Column {
  const reads = ["movement_type", "$parent", "beside.created_at", "beside.dispatch_due", "beside.outcome_due"];
  return numbers(
    { type: TIMESTAMPTZ, reads, about: "with the first order of the stretch, or with the van" },
    (context, inputs) => {
      const types = wordsOf(inputs, 0).codes;
      const [orders, created, dispatched, outcome] = [1, 2, 3, 4].map((at) => numbersOf(inputs, at).values);
      const { from, to } = context.windowUs;
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const restocked = orders[i] === 0 ? from : created[i];
          const wait = (cellBits(key, rowIndexes[i], 0) / 2 ** 32) * HOUR_US;
          if (types[i] === FULFILMENT) out[i] = dispatched[i];
          else if (types[i] === RETURN) out[i] = Math.min(to - 1, outcome[i] + HOUR_US + Math.floor(4 * wait));
          else if (types[i] === ADJUSTMENT) out[i] = Math.min(to - 1, restocked + Math.floor(wait));
          else out[i] = restocked;
        }
      };
    },
  );
}
