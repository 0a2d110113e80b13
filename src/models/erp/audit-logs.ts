import { type Column, hidden } from "../../columns/column.js";
import { id, parent } from "../../columns/keys.js";
import { labelFor } from "../../columns/lists.js";
import { format } from "../../columns/text.js";
import { codes, numbers, numbersOf, wordsOf } from "../../columns/values.js";
import { cellBits, multiplyHigh, unitOf } from "../../core/random.js";
import { enumType, INT8, JSONB, TEXT, TIMESTAMPTZ } from "../../core/sql-type.js";
import { setNull } from "../../core/vectors.js";
import { childrenOf, entity } from "../../model/entity.js";
import { AUDIT_PARTS, firstRider, RIDERS, riderStarts } from "./audit-layout.js";
import { businessCalendar } from "./calendars.js";
import { isHandlers } from "./order-history.js";
import { DISPATCH_STEP, ORDER_STATUSES, stepMomentReads } from "./order-status.js";
import { userPicker } from "./users.js";

/** What an audit log is about: a part of its order, then a table that rides along. */
const KINDS = [...AUDIT_PARTS, ...RIDERS] as const;
const [STEP, PAYMENT, SHIPMENT, REFUND, REVIEW, USER, , , PRODUCT, VISIT] = KINDS.map((_, at) => at);

const ENTITIES = ["orders", "payments", "shipments", "refunds", "refunds", ...RIDERS] as const;
const ACTIONS = ["create", "update", "status_change", "approve", "reject", "login"] as const;
const [CREATE, UPDATE, STATUS_CHANGE, APPROVE, REJECT, LOGIN] = ACTIONS.map((_, at) => at);

/** Values that rows have when they are made or changed, beside the states of orders. */
const OTHER_VALUES = [
  '{"status": "requested"}',
  '{"status": "approved"}',
  '{"status": "rejected"}',
  '{"status": "in_transit"}',
  '{"status": "scheduled"}',
  '{"contact_verified": false}',
  '{"contact_verified": true}',
  '{"status": "due"}',
  '{"reorder_point": 24}',
  '{"reorder_point": 36}',
  '{"reorder_point": 48}',
  '{"reorder_point": 72}',
] as const;
const VALUES = [...ORDER_STATUSES.map((status) => `{"status": "${status}"}`), ...OTHER_VALUES];
const valueCode = (text: (typeof OTHER_VALUES)[number]): number => VALUES.indexOf(text);

const LAYOUT_READS = ["$parent", "$ordinal", ...AUDIT_PARTS.map((part) => `beside.${part}`)];

/** Who did what. */
export const auditLogs = entity("audit_logs", {
  comment: "What users did to orders, payments, shipments, refunds, visits and master data",
  rows: childrenOf("orders", { by: "audit_count" }),
  columns: {
    id: id(),
    beside: hidden(parent("orders")),
    kind: hidden(kind()),
    place: hidden(place()),
    visit_id: hidden(visitId()),
    refund_id: hidden(refundId()),
    entity_name: labelFor("kind", {
      type: TEXT,
      labels: ENTITIES,
      codeOf: ENTITIES.map((_, at) => at),
    }),
    entity_id: entityId(),
    action: action(),
    user_id: userId(),
    old_values: oldValues(),
    new_values: newValues(),
    original: hidden(original()),
    duplicate_detail: hidden(format("{action} of {entity_name} {entity_id} entered twice: a copy of entry {original}")),
    occurred_at: occurredAt(),
  },
  indexes: [
    ["entity_name", "entity_id"],
    ["user_id", "occurred_at"],
  ],
});

/** The ID of the entry that this one is a copy of; of others, their own. */
function original(): Column {
  return numbers(
    { type: INT8, about: "the entry that this one repeats" },
    ({ firstId }) =>
      ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) out[i] = firstId + rowIndexes[i];
      },
  );
}

/** The order's parts come first, then the rows of other tables that stand with it. */
function kind(): Column {
  const spec = { type: TEXT, labels: KINDS, reads: LAYOUT_READS, about: "what the entry is about" };
  return codes(spec, (context, inputs) => {
    const [orders, ordinals, ...parts] = inputs.map((_, at) => numbersOf(inputs, at).values);
    const starts = riderStarts(context);
    const riders = starts[RIDERS.length];
    const orderCount = context.entity("orders").rowCount;
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        let rest = ordinals[i];
        let at = 0;
        while (at < parts.length && rest >= parts[at][i]) rest -= parts[at++][i];
        if (at === parts.length) {
          const rider = firstRider(orders[i], riders, orderCount) + rest;
          while (rider >= starts[at - parts.length + 1]) at++;
        }
        out[i] = at;
      }
    };
  });
}

/** Which of the order's parts, or of the other table's rows, from 0. */
function place(): Column {
  return numbers(
    { type: INT8, reads: ["kind", ...LAYOUT_READS], about: "which of its kind, from 0" },
    (context, inputs) => {
      const kinds = wordsOf(inputs, 0).codes;
      const [orders, ordinals, ...parts] = inputs.slice(1).map((_, at) => numbersOf(inputs, at + 1).values);
      const starts = riderStarts(context);
      const riders = starts[RIDERS.length];
      const orderCount = context.entity("orders").rowCount;
      const sizes = RIDERS.map((name) => context.entity(name).rowCount);
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          let rest = ordinals[i];
          for (let at = 0; at < Math.min(kinds[i], parts.length); at++) rest -= parts[at][i];
          const table = kinds[i] - parts.length;
          if (table < 0) out[i] = rest;
          else {
            // Each row has one, and of further ones some rows have more than others.
            const rider = firstRider(orders[i], riders, orderCount) + rest - starts[table];
            out[i] = rider < sizes[table] ? rider : multiplyHigh(cellBits(key, rowIndexes[i], 0), sizes[table]);
          }
        }
      };
    },
  );
}

function visitId(): Column {
  return {
    ...numbers(
      { type: INT8, reads: ["kind", "place"], about: "the visit that the entry is about", nullable: true },
      (context, inputs) => {
        const kinds = wordsOf(inputs, 0).codes;
        const places = numbersOf(inputs, 1).values;
        const { firstId } = context.entity("maintenance_visits");
        return ({ count }, out, nulls) => {
          for (let i = 0; i < count; i++) {
            out[i] = firstId + places[i];
            if (kinds[i] !== VISIT) setNull(nulls, i);
          }
        };
      },
    ),
    references: { entity: "maintenance_visits", foreignKey: false },
  };
}

function refundId(): Column {
  return {
    ...numbers(
      { type: INT8, reads: ["kind", "$parent"], about: "the refund that the entry is about", nullable: true },
      (context, inputs) => {
        const kinds = wordsOf(inputs, 0).codes;
        const orders = numbersOf(inputs, 1).values;
        const { firstId } = context.entity("refunds");
        const { start } = context.fanOut("refunds");
        return ({ count }, out, nulls) => {
          for (let i = 0; i < count; i++) {
            if (kinds[i] === REFUND || kinds[i] === REVIEW) out[i] = firstId + start(orders[i]);
            else setNull(nulls, i);
          }
        };
      },
    ),
    references: { entity: "refunds", foreignKey: false },
  };
}

/** Of the table that entity_name says; no foreign key, since it is another one in each row. */
function entityId(): Column {
  const reads = ["kind", "place", "$parent"];
  return numbers({ type: INT8, reads, about: "the row's ID in the table entity_name" }, (context, inputs) => {
    const kinds = wordsOf(inputs, 0).codes;
    const [places, orders] = [numbersOf(inputs, 1).values, numbersOf(inputs, 2).values];
    const firstIds = ENTITIES.map((name) => context.entity(name).firstId);
    const [payments, shipments, refunds] = ["payments", "shipments", "refunds"].map((name) => context.fanOut(name));
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const own = kinds[i];
        let row = places[i];
        if (own === STEP) row = orders[i];
        else if (own === PAYMENT) row += payments.start(orders[i]);
        else if (own === SHIPMENT) row += shipments.start(orders[i]);
        else if (own === REFUND || own === REVIEW) row = refunds.start(orders[i]);
        out[i] = firstIds[own] + row;
      }
    };
  });
}

function action(): Column {
  const spec = {
    type: enumType("audit_action", ACTIONS),
    labels: ACTIONS,
    reads: ["kind", "place", "refund_id.refused"],
    about: "what was done",
  };
  return codes(spec, (_context, inputs) => {
    const kinds = wordsOf(inputs, 0).codes;
    const [places, refused] = [numbersOf(inputs, 1).values, numbersOf(inputs, 2).values];
    const byKind = KINDS.map((_, at) => (at === USER ? LOGIN : at > USER && at < VISIT ? UPDATE : CREATE));
    return ({ count }, out) => {
      for (let i = 0; i < count; i++) {
        const own = kinds[i];
        if (own === STEP) out[i] = places[i] === 0 ? CREATE : STATUS_CHANGE;
        else if (own === REVIEW) out[i] = refused[i] === 1 ? REJECT : APPROVE;
        else out[i] = byKind[own];
      }
    };
  });
}

/** Who did it: the one whom the thing done names. */
function userId(): Column {
  const reads = ["kind", "place", "beside.seller", "beside.handler", "refund_id.reviewer", "visit_id.technician_id"];
  return {
    ...numbers({ type: INT8, reads, about: "whoever the thing done names" }, (context, inputs) => {
      const kinds = wordsOf(inputs, 0).codes;
      const [places, seller, handler, reviewer, technician] = [1, 2, 3, 4, 5].map((at) => numbersOf(inputs, at).values);
      const [administrator, manager] = [userPicker(context, "Admin"), userPicker(context, "Manager")];
      const { firstId } = context.entity("users");
      const key = context.key();
      return ({ rowIndexes, count }, out) => {
        for (let i = 0; i < count; i++) {
          const own = kinds[i];
          if (own === STEP) out[i] = isHandlers(places[i]) ? handler[i] : seller[i];
          else if (own === PAYMENT || own === REFUND) out[i] = seller[i];
          else if (own === SHIPMENT) out[i] = handler[i];
          else if (own === REVIEW) out[i] = reviewer[i];
          else if (own === USER) out[i] = firstId + places[i];
          else if (own === VISIT) out[i] = technician[i];
          else {
            // Managers keep the master data, and administrators do where they have to.
            const pick = (cellBits(key, rowIndexes[i], 1) & 3) === 0 ? administrator : manager;
            out[i] = pick(cellBits(key, rowIndexes[i], 0));
          }
        }
      };
    }),
    references: { entity: "users", foreignKey: true },
  };
}

/** Of orders the state before, of master data the flag before; NULL for what is new. */
function oldValues(): Column {
  const spec = {
    type: JSONB,
    labels: VALUES,
    reads: ["kind", "place"],
    about: "what was there before",
    nullable: true,
  };
  return codes(spec, (_context, inputs) => {
    const kinds = wordsOf(inputs, 0).codes;
    const places = numbersOf(inputs, 1).values;
    const [unverified, requested] = [valueCode('{"contact_verified": false}'), valueCode('{"status": "requested"}')];
    const reorder = valueCode('{"reorder_point": 24}');
    return ({ count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        const own = kinds[i];
        if (own === STEP && places[i] > 0) out[i] = places[i] - 1;
        else if (own === REVIEW) out[i] = requested;
        else if (own === PRODUCT) out[i] = reorder;
        else if (own > USER && own < VISIT) out[i] = unverified;
        else setNull(nulls, i);
      }
    };
  });
}

/** What is there now; of an order's last step, its state. */
function newValues(): Column {
  const reads = ["kind", "place", "beside.steps", "beside.status", "refund_id.refused"];
  const spec = { type: JSONB, labels: VALUES, reads, about: "what is there now", nullable: true };
  return codes(spec, (context, inputs) => {
    const [kinds, status] = [wordsOf(inputs, 0).codes, wordsOf(inputs, 3).codes];
    const reorder = valueCode('{"reorder_point": 36}');
    const key = context.key();
    const [places, steps, refused] = [1, 2, 4].map((at) => numbersOf(inputs, at).values);
    const [approved, rejected] = [valueCode('{"status": "approved"}'), valueCode('{"status": "rejected"}')];
    const byKind = KINDS.map((_, at) => {
      if (at === PAYMENT) return valueCode('{"status": "due"}');
      if (at === SHIPMENT) return valueCode('{"status": "in_transit"}');
      if (at === REFUND) return valueCode('{"status": "requested"}');
      return at === VISIT ? valueCode('{"status": "scheduled"}') : valueCode('{"contact_verified": true}');
    });
    return ({ rowIndexes, count }, out, nulls) => {
      for (let i = 0; i < count; i++) {
        const own = kinds[i];
        if (own === STEP) out[i] = places[i] === steps[i] - 1 ? status[i] : places[i];
        else if (own === REVIEW) out[i] = refused[i] === 1 ? rejected : approved;
        else if (own === PRODUCT) out[i] = reorder + multiplyHigh(cellBits(key, rowIndexes[i], 0), 3);
        else out[i] = byKind[own];
        if (own === USER) setNull(nulls, i);
      }
    };
  });
}

/** When the thing was done; logins and changes of master data at any time of the window's working hours. */
function occurredAt(): Column {
  const orderReads = ["beside.refund_requested", "beside.refund_reviewed", ...stepMomentReads("beside.")];
  const reads = ["kind", "place", "visit_id.requested_at", ...orderReads];
  return numbers({ type: TIMESTAMPTZ, reads, about: "when the thing was done" }, (context, inputs) => {
    const kinds = wordsOf(inputs, 0).codes;
    const [places, visit, requested, reviewed, ...steps] = inputs
      .slice(1)
      .map((_, at) => numbersOf(inputs, at + 1).values);
    const { between, fromUs, toUs } = businessCalendar(context);
    const key = context.key();
    return ({ rowIndexes, count }, out) => {
      for (let i = 0; i < count; i++) {
        const own = kinds[i];
        if (own === STEP) out[i] = steps[places[i]][i];
        else if (own === PAYMENT) out[i] = steps[0][i];
        else if (own === SHIPMENT) out[i] = steps[DISPATCH_STEP][i];
        else if (own === REFUND) out[i] = requested[i];
        else if (own === REVIEW) out[i] = reviewed[i];
        else if (own === VISIT) out[i] = visit[i];
        else out[i] = between(unitOf(cellBits(key, rowIndexes[i], 0)), fromUs, toUs);
      }
    };
  });
}
