import type { ModelChecks, QueryRule } from "../../model/checks.js";
import * as delivery from "./checks/delivery.js";
import * as money from "./checks/money.js";
import * as orders from "./checks/orders.js";
import * as people from "./checks/people.js";
import * as stock from "./checks/stock.js";

const queries: readonly QueryRule[] = [
  {
    name: "receivables by age",
    limitMs: 2000,
    sql:
      "SELECT c.id, c.name_en, p.status, sum(p.amount) AS amount, min(p.due_date) AS oldest FROM {payments} p " +
      "JOIN {companies} c ON c.id = p.company_id WHERE p.status IN ('pending', 'overdue') GROUP BY c.id, p.status",
  },
  {
    name: "stock by product",
    limitMs: 2000,
    sql:
      "SELECT p.id, p.sku, p.name_en, sum(m.quantity) AS units, max(m.moved_at) AS last_moved_at " +
      "FROM {products} p JOIN {inventory_movements} m ON m.product_id = p.id GROUP BY p.id",
  },
  {
    name: "deliveries by day and region",
    limitMs: 2000,
    sql:
      "SELECT s.scheduled_date, s.delivery_region, s.status, count(*), avg(s.attempt_count) " +
      "FROM {shipments} s GROUP BY s.scheduled_date, s.delivery_region, s.status",
  },
];

/** What must hold in the ERP's tables beyond what their columns say. */
export const erpChecks: ModelChecks = {
  // Whoever buys, and what is bought, was there before the window begins.
  outsideWindow: ["users.created_at", "companies.created_at", "branches.created_at", "products.created_at"],
  births: {
    columns: ["created_at", "changed_at", "attempted_at", "requested_at", "moved_at", "occurred_at"],
    changed: "updated_at",
    // An account goes from one manager to another.
    except: ["companies.account_manager_id"],
  },
  order: [...orders.order, ...money.order, ...delivery.order, ...stock.order],
  states: [...orders.states, ...money.states, ...delivery.states, ...stock.states, ...people.states],
  steps: [...orders.steps, ...people.steps],
  sums: [...orders.sums, ...money.sums, ...delivery.sums, ...stock.sums],
  shares: people.shares,
  distributions: stock.distributions,
  calendars: orders.calendars,
  invariants: [...orders.invariants, ...stock.invariants],
  queries,
};
