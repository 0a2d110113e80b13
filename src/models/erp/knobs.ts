import * as z from "zod";
import { daySettings, setting, share, size, weights } from "../../model/scenario/knobs.js";
import type { ScenarioKnobs } from "../../model/scenario/types.js";

// Defaults are those of the SynergyFlow generator's document: the scenario `normal-ops`.

const sizes = z.strictObject({
  users: size(20, "people with a login, one of each role at the least", { min: 4 }),
  companies: size(100, "customers"),
  products: size(200, "articles in the catalogue; a scale leaves it as it is"),
  ordersPerDay: size(50, "orders a day of the window, on average"),
  maintenanceVisitsPerWeek: size(10, "visits to customers' coffee machines a week of the window, on average"),
});

const shares = z.strictObject({
  branchRatio: share(0.3, "of companies: have branches, one to four each"),
  branchOrders: share(0.6, "of the orders of companies with branches: go to a branch"),
  cancelled: share(0.04, "of orders: cancelled before they are sent out"),
  returned: share(0.015, "of orders: refused at the door and taken back"),
  overdue: share(
    0.03,
    "of orders: one payment is overdue at the window's end, beside those of the payment_delay anomaly",
  ),
  refunded: share(0.03, "of orders: the customer asks for money back"),
  refundRejected: share(0.2, "of refunds that were looked at: rejected"),
  twoInstalments: share(0.14, "of orders: paid in two parts"),
  threeInstalments: share(0.03, "of orders: paid in three parts"),
  failedAttempts: share(0.12, "of deliveries: the first attempt fails"),
  orderDiscount: share(0.2, "of orders: a discount on the whole order"),
  itemDiscount: share(0.25, "of orders: a discount on the first line, or the first two"),
  visitsWithParts: share(0.55, "of maintenance visits: spare parts are used"),
});

const weighted = z.strictObject({
  paymentTerms: weights(
    { immediate: 35, net_15: 20, net_30: 22, net_60: 8, bulk_cycle: 15 },
    "when companies pay: on order, some days later, or several orders at once on fixed days of the month",
  ),
  linesPerOrder: weights({ 1: 12, 2: 18, 3: 20, 4: 16, 5: 12, 6: 9, 7: 7, 8: 6 }, "lines of an order"),
});

const settings = z.strictObject({
  ...daySettings({ daySigma: 0.2, growth: 1 }),
  fridayFactor: setting(0.15, "how busy a Friday is beside a Sunday", { min: 0, max: 100 }),
  saturdayFactor: setting(0.35, "how busy a Saturday is beside a Sunday", { min: 0, max: 100 }),
  popularShare: setting(0.8, "of order lines: on the best-selling fifth of the products", { min: 0.21, max: 0.99 }),
});

/** What an ERP scenario can set. */
export const erpKnobs = {
  sizes,
  features: z.strictObject({}),
  shares,
  weights: weighted,
  settings,
  scaledSizes: ["users", "companies", "ordersPerDay", "maintenanceVisitsPerWeek"],
} as const satisfies ScenarioKnobs;
