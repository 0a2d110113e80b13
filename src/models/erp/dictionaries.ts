import { encodeTextArray } from "../../core/text-array.js";
import type { DictionarySource } from "../../model/model.js";
import { COMPANY_KINDS, COMPANY_NAMES, FIRST_NAMES, LAST_NAMES } from "./data/names.js";
import { AREAS, STREETS } from "./data/places.js";
import { PRODUCTS } from "./data/products.js";
import { SERVICES, SPARE_PARTS } from "./data/texts.js";

/** How often each area occurs, in the areas' order. */
export const AREA_WEIGHTS: readonly number[] = AREAS.map(({ weight }) => weight);

/** Companies call themselves by a place, a thing or a family. */
const NAMES = [...COMPANY_NAMES, ...LAST_NAMES];
export const COMPANY_NAME_COUNT = NAMES.length;

/** How often each kind of company occurs; names of one kind stand together, in the order of kinds. */
export const COMPANY_KIND_WEIGHTS: readonly number[] = COMPANY_KINDS.map(([, , weight]) => weight);

const COMPANIES = COMPANY_KINDS.flatMap(([kind, kindAr]) =>
  NAMES.map(([name, nameAr]) => ({
    name: `${name} ${kind}`,
    // "for trading" follows the name; a café or a hotel goes before it.
    nameAr: kindAr.startsWith("لل") ? `${nameAr} ${kindAr}` : `${kindAr} ${nameAr}`,
  })),
);

/** The model's word lists. Pairs of lists in two scripts are in step, so that a code means the same in both. */
export const dictionaries: Readonly<Record<string, DictionarySource>> = {
  first_names: () => FIRST_NAMES.map(([latin]) => latin),
  first_names_ar: () => FIRST_NAMES.map(([, arabic]) => arabic),
  last_names: () => LAST_NAMES.map(([latin]) => latin),
  last_names_ar: () => LAST_NAMES.map(([, arabic]) => arabic),
  first_slugs: () => FIRST_NAMES.map(([latin]) => slugOf(latin)),
  last_slugs: () => LAST_NAMES.map(([latin]) => slugOf(latin)),
  company_names: () => COMPANIES.map(({ name }) => name),
  company_names_ar: () => COMPANIES.map(({ nameAr }) => nameAr),
  company_slugs: () => COMPANIES.map(({ name }) => slugOf(name)),
  areas: () => AREAS.map(({ area }) => area),
  areas_ar: () => AREAS.map(({ areaAr }) => areaAr),
  governorates: () => AREAS.map(({ governorate }) => governorate),
  governorates_ar: () => AREAS.map(({ governorateAr }) => governorateAr),
  regions: () => AREAS.map(({ region }) => region),
  streets: () => STREETS.map(([latin]) => latin),
  streets_ar: () => STREETS.map(([, arabic]) => arabic),
  product_names: () => PRODUCTS.map(({ name }) => name),
  product_names_ar: () => PRODUCTS.map(({ nameAr }) => nameAr),
  product_categories: () => PRODUCTS.map(({ category }) => category),
  product_units: () => PRODUCTS.map(({ unit }) => unit),
  services: () => SERVICES.map(({ tasks }) => encodeTextArray(tasks)),
  spare_parts: () => SPARE_PARTS.map(([name]) => name),
  spare_part_codes: () => SPARE_PARTS.map(([, code]) => code),
};

/** Latin letters and digits in lower case: what a name looks like in an address. */
function slugOf(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "");
}
