// Labels by weight where there is a number.

export const DEPARTMENTS = {
  Admin: "Administration",
  Manager: "Management",
  Sales: "Sales",
  Support: "Operations",
} as const;

export const FAILURE_REASONS = {
  "customer not available": 30,
  "premises closed": 22,
  "wrong address": 12,
  "customer asked for another day": 14,
  "payment not ready": 9,
  "vehicle breakdown": 7,
  "road closed": 4,
  "goods damaged on the way": 2,
} as const;

export const CARRIERS = { "Own fleet": 62, "Nile Couriers": 18, "Delta Express": 12, "Cairo Vans": 8 } as const;

export const CANCEL_REASONS = {
  "out of stock": 30,
  "customer changed their mind": 28,
  "ordered twice": 14,
  "credit limit exceeded": 16,
  "delivery date does not suit": 12,
} as const;

export const REFUND_REASONS = {
  "damaged goods": 30,
  "short delivery": 24,
  "wrong product": 20,
  "past best-before date": 10,
  "quality complaint": 16,
} as const;

export const REJECTION_REASONS = {
  "no evidence of damage": 40,
  "claimed too late": 30,
  "goods already used": 18,
  "agreed replacement instead": 12,
} as const;

export const DISCOUNT_REASONS = {
  "volume agreement": 34,
  "seasonal promotion": 28,
  "new customer": 14,
  "short best-before date": 10,
  "manager's approval": 14,
} as const;

export const MACHINES = {
  "La Marzocco Linea": 18,
  "Nuova Simonelli Appia": 24,
  "Victoria Arduino Eagle": 9,
  "Rancilio Classe 7": 16,
  "Astoria Core": 15,
  "Bunn Axiom Brewer": 10,
  "Mahlkönig E65 Grinder": 8,
} as const;

/** What is done at a visit. */
export const SERVICES: readonly (readonly string[])[] = [
  ["descaling"],
  ["descaling", "pressure check"],
  ["group head cleaning", "gasket replacement"],
  ["boiler inspection", "pressure check"],
  ["grinder calibration"],
  ["grinder calibration", "burr replacement"],
  ["water filter replacement"],
  ["water filter replacement", "descaling"],
  ["steam wand repair"],
  ["electrical check"],
  ["installation", "barista training"],
  ["full overhaul", "pressure check", "grinder calibration"],
];

/** Spare parts and their price in piastres. */
export const SPARE_PARTS: readonly (readonly [name: string, code: string, piastres: number])[] = [
  ["Group gasket 8.5 mm", "GSK-085", 18_000],
  ["Shower screen", "SCR-057", 26_000],
  ["Portafilter basket", "BSK-018", 32_000],
  ["Water filter cartridge", "FLT-200", 145_000],
  ["Steam wand tip", "STM-004", 41_000],
  ["Pump head", "PMP-150", 310_000],
  ["Solenoid valve", "SOL-024", 128_000],
  ["Heating element", "HTR-300", 265_000],
  ["Pressure gauge", "GAU-016", 72_000],
  ["Grinder burr set", "BUR-064", 420_000],
  ["Thermostat", "THM-120", 58_000],
  ["Control board", "PCB-701", 980_000],
];
