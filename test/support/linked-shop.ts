import { unique } from "../../src/columns/column.js";
import { id, ordinal, uuidKey } from "../../src/columns/keys.js";
import {
  anyLink,
  distinctLink,
  earlierLink,
  nthLink,
  ownerLink,
  treeLink,
  withinLink,
} from "../../src/columns/links.js";
import { format } from "../../src/columns/text.js";
import { copied, integer } from "../../src/columns/values.js";
import { INT4, INT8, TEXT, UUID } from "../../src/core/sql-type.js";
import { childrenOf, type Entity, entity, rows } from "../../src/model/entity.js";

/** Tenants with UUIDs, whose customers, products and orders have keys of two columns that share the tenant's. */
export const LINKED: readonly Entity[] = [
  entity("tenants", { comment: "who pays", rows: rows(() => 7), columns: { id: uuidKey(), name: format("T{id}") } }),
  entity("categories", {
    comment: "a tree",
    rows: rows(() => 200),
    columns: {
      id: id(),
      parent: treeLink("categories", { levels: [5, 25, 70] }),
      parent_id: { ...copied("parent.id", INT8), nullable: true },
    },
    foreignKeys: [{ columns: ["parent_id"], target: "categories", link: "parent" }],
  }),
  entity("customers", {
    comment: "a tenant's",
    rows: childrenOf("tenants", { total: () => 300 }),
    columns: {
      tenant: ownerLink("tenants"),
      tenant_id: copied("tenant.id", UUID),
      number: ordinal(1, INT4),
      weight: integer(0, 9),
    },
    primaryKey: ["tenant_id", "number"],
    foreignKeys: [{ columns: ["tenant_id"], target: "tenants", link: "tenant" }],
  }),
  entity("products", {
    comment: "a tenant's",
    rows: childrenOf("tenants", { total: () => 100 }),
    columns: {
      tenant: ownerLink("tenants"),
      tenant_id: copied("tenant.id", UUID),
      sku: unique(format("P-{_place}")),
      _place: { ...ordinalOf(), hidden: true },
      category: anyLink("categories", { kind: "zipf", exponent: 1 }),
      category_id: copied("category.id", INT8),
    },
    primaryKey: ["sku"],
    foreignKeys: [
      { columns: ["tenant_id"], target: "tenants", link: "tenant" },
      { columns: ["category_id"], target: "categories", link: "category" },
    ],
  }),
  entity("orders", {
    comment: "a customer's",
    rows: childrenOf("customers", { total: () => 2000 }),
    columns: {
      id: uuidKey(),
      customer: ownerLink("customers"),
      tenant_id: copied("customer.tenant_id", UUID),
      customer_number: copied("customer.number", INT4),
      product: withinLink("products", "customer.tenant"),
      product_sku: copied("product.sku", TEXT, { nullable: true }),
      previous: earlierLink("orders"),
      previous_id: copied("previous.id", UUID, { nullable: true }),
      referrer: anyLink("customers", { kind: "weighted", by: "weight" }),
      referrer_tenant_id: copied("referrer.tenant_id", UUID),
      referrer_number: copied("referrer.number", INT4),
      counter: nthLink("categories"),
      counter_id: copied("counter.id", INT8),
    },
    foreignKeys: [
      { columns: ["tenant_id", "customer_number"], target: "customers", link: "customer" },
      { columns: ["product_sku"], target: "products", link: "product" },
      { columns: ["previous_id"], target: "orders", link: "previous" },
      { columns: ["referrer_tenant_id", "referrer_number"], target: "customers", link: "referrer" },
      { columns: ["counter_id"], target: "categories", link: "counter" },
    ],
    indexes: [["tenant_id", "customer_number"]],
  }),
  entity("tags", {
    comment: "many to many",
    rows: childrenOf("products", { total: () => 400 }),
    columns: {
      product: ownerLink("products"),
      product_sku: copied("product.sku", TEXT),
      category: distinctLink("categories"),
      category_id: copied("category.id", INT8),
      rival: distinctLink("products", "product.tenant"),
      rival_sku: copied("rival.sku", TEXT),
    },
    primaryKey: ["product_sku", "category_id"],
    foreignKeys: [
      { columns: ["product_sku"], target: "products", link: "product" },
      { columns: ["category_id"], target: "categories", link: "category" },
      { columns: ["rival_sku"], target: "products", link: "rival" },
    ],
  }),
];

/** The row's own number, from 1, which is no key. */
function ordinalOf() {
  return { ...id(), identity: false };
}
