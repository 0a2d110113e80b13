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

/** What a machine is, which decides what can be done to it. */
export const MACHINE_KINDS = ["espresso", "brewer", "grinder"] as const;
type MachineKind = (typeof MACHINE_KINDS)[number];

export const MACHINES: Readonly<Record<string, readonly [kind: MachineKind, weight: number]>> = {
  "La Marzocco Linea": ["espresso", 18],
  "Nuova Simonelli Appia": ["espresso", 24],
  "Victoria Arduino Eagle": ["espresso", 9],
  "Rancilio Classe 7": ["espresso", 16],
  "Astoria Core": ["espresso", 15],
  "Bunn Axiom Brewer": ["brewer", 10],
  "Mahlkönig E65 Grinder": ["grinder", 8],
};

export type VisitType = "preventive" | "repair" | "installation";

/** What is done at a visit. */
export interface Service {
  readonly tasks: readonly string[];
  readonly machines: readonly MachineKind[];
  readonly types: readonly VisitType[];
  /** How long it takes at the least and at the most. */
  readonly minutes: readonly [least: number, most: number];
  /** Codes of the parts that it may take. */
  readonly parts: readonly string[];
}

export const SERVICES: readonly Service[] = [
  {
    tasks: ["descaling"],
    machines: ["espresso", "brewer"],
    types: ["preventive"],
    minutes: [35, 80],
    parts: ["DSC-001", "FLT-200"],
  },
  {
    tasks: ["descaling", "pressure check"],
    machines: ["espresso"],
    types: ["preventive"],
    minutes: [50, 100],
    parts: ["DSC-001", "GAU-016", "GSK-085"],
  },
  {
    tasks: ["group head cleaning", "gasket replacement"],
    machines: ["espresso"],
    types: ["preventive"],
    minutes: [40, 90],
    parts: ["GSK-085", "SCR-057", "BSK-018"],
  },
  {
    tasks: ["boiler inspection", "pressure check"],
    machines: ["espresso"],
    types: ["preventive"],
    minutes: [60, 120],
    parts: ["GAU-016", "THM-120"],
  },
  {
    tasks: ["water filter replacement"],
    machines: ["espresso", "brewer"],
    types: ["preventive"],
    minutes: [30, 45],
    parts: ["FLT-200"],
  },
  {
    tasks: ["water filter replacement", "descaling"],
    machines: ["espresso", "brewer"],
    types: ["preventive"],
    minutes: [50, 100],
    parts: ["FLT-200", "DSC-001"],
  },
  {
    tasks: ["grinder calibration"],
    machines: ["grinder"],
    types: ["preventive"],
    minutes: [30, 50],
    parts: ["CLN-010"],
  },
  {
    tasks: ["burr replacement", "grinder calibration"],
    machines: ["grinder"],
    types: ["preventive", "repair"],
    minutes: [50, 90],
    parts: ["BUR-064", "CLN-010"],
  },
  {
    tasks: ["steam wand repair"],
    machines: ["espresso"],
    types: ["repair"],
    minutes: [30, 75],
    parts: ["STM-004", "GSK-085"],
  },
  {
    tasks: ["pump replacement", "pressure check"],
    machines: ["espresso"],
    types: ["repair"],
    minutes: [80, 150],
    parts: ["PMP-150", "GAU-016"],
  },
  {
    tasks: ["heating element replacement"],
    machines: ["espresso", "brewer"],
    types: ["repair"],
    minutes: [90, 170],
    parts: ["HTR-300", "THM-120"],
  },
  {
    tasks: ["valve replacement"],
    machines: ["espresso", "brewer"],
    types: ["repair"],
    minutes: [50, 110],
    parts: ["SOL-024"],
  },
  {
    tasks: ["electrical check"],
    machines: ["espresso", "brewer", "grinder"],
    types: ["repair"],
    minutes: [30, 90],
    parts: ["FUS-002"],
  },
  {
    tasks: ["control board replacement", "electrical check"],
    machines: ["espresso"],
    types: ["repair"],
    minutes: [100, 180],
    parts: ["PCB-701", "FUS-002"],
  },
  {
    tasks: ["full overhaul", "pressure check"],
    machines: ["espresso"],
    types: ["repair"],
    minutes: [150, 240],
    parts: ["PMP-150", "GSK-085", "SCR-057", "SOL-024"],
  },
  {
    tasks: ["installation", "barista training"],
    machines: ["espresso", "brewer"],
    types: ["installation"],
    minutes: [120, 240],
    parts: ["FLT-200", "BSK-018"],
  },
  {
    tasks: ["installation", "grinder calibration"],
    machines: ["grinder"],
    types: ["installation"],
    minutes: [60, 120],
    parts: ["CLN-010"],
  },
];

/** Spare parts: their price in piastres, and how many one visit takes at the most. */
export const SPARE_PARTS: readonly (readonly [name: string, code: string, piastres: number, most: number])[] = [
  ["Group gasket 8.5 mm", "GSK-085", 18_000, 3],
  ["Shower screen", "SCR-057", 26_000, 3],
  ["Portafilter basket", "BSK-018", 32_000, 3],
  ["Water filter cartridge", "FLT-200", 145_000, 1],
  ["Steam wand tip", "STM-004", 41_000, 2],
  ["Pump head", "PMP-150", 310_000, 1],
  ["Solenoid valve", "SOL-024", 128_000, 2],
  ["Heating element", "HTR-300", 265_000, 1],
  ["Pressure gauge", "GAU-016", 72_000, 1],
  ["Grinder burr set", "BUR-064", 420_000, 1],
  ["Thermostat", "THM-120", 58_000, 1],
  ["Control board", "PCB-701", 980_000, 1],
  ["Descaling agent", "DSC-001", 9_500, 2],
  ["Grinder cleaning tablets", "CLN-010", 12_000, 1],
  ["Fuse set", "FUS-002", 4_500, 1],
];
