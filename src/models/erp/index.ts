import type { Model } from "../../model/model.js";
import { anomalies } from "./anomalies.js";
import { auditLogs } from "./audit-logs.js";
import { erpChecks } from "./checks.js";
import { branches, companies } from "./companies.js";
import { dictionaries } from "./dictionaries.js";
import { discounts } from "./discounts.js";
import { erpKnobs } from "./knobs.js";
import { maintenanceSpareParts, maintenanceVisits } from "./maintenance.js";
import { orderStatusHistory } from "./order-history.js";
import { orderItems } from "./order-items.js";
import { orders } from "./orders.js";
import { payments } from "./payments.js";
import { products } from "./products.js";
import { refunds } from "./refunds.js";
import { deliveryAttempts, shipments } from "./shipments.js";
import { inventoryMovements } from "./stock.js";
import { users } from "./users.js";

/** A wholesaler of coffee in Egypt: orders, deliveries, payments, stock, and service for customers' machines. */
export const erp: Model = {
  name: "erp",
  description: "SynergyFlow ERP: orders, deliveries, payments, stock and maintenance of an Egyptian coffee wholesaler",
  schema: "mock_data",
  knobs: erpKnobs,
  checks: erpChecks,
  anomalies,
  entities: [
    users,
    companies,
    branches,
    products,
    orders,
    orderItems,
    orderStatusHistory,
    shipments,
    deliveryAttempts,
    payments,
    discounts,
    refunds,
    inventoryMovements,
    maintenanceVisits,
    maintenanceSpareParts,
    auditLogs,
  ],
  dictionaries,
};
