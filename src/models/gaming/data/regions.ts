/** A part of the world that players live in: its own clock, addresses and towns. */
export interface Region {
  readonly name: string;
  /** A zone whose clock the whole region keeps; one of `ZONES`. */
  readonly timeZone: string;
  /** How many players live there beside other regions. */
  readonly weight: number;
  readonly cities: readonly (readonly [city: string, country: string])[];
}

/**
 * Each region has a block of 2^20 addresses of 10.0.0.0/8 (RFC 1918), which no network routes: 10.0.0.0/12 the first,
 * 10.16.0.0/12 the second, and so on. Regions keep one clock, so that an evening is an evening for all of them.
 */
export const REGIONS: readonly Region[] = [
  {
    name: "us-east",
    timeZone: "America/New_York",
    weight: 22,
    cities: [
      ["New York", "US"],
      ["Atlanta", "US"],
      ["Boston", "US"],
      ["Miami", "US"],
      ["Philadelphia", "US"],
      ["Toronto", "CA"],
      ["Montreal", "CA"],
    ],
  },
  {
    name: "us-west",
    timeZone: "America/Los_Angeles",
    weight: 16,
    cities: [
      ["Los Angeles", "US"],
      ["Seattle", "US"],
      ["Portland", "US"],
      ["San Diego", "US"],
      ["Vancouver", "CA"],
    ],
  },
  {
    name: "south-america",
    timeZone: "America/Sao_Paulo",
    weight: 9,
    cities: [
      ["São Paulo", "BR"],
      ["Rio de Janeiro", "BR"],
      ["Porto Alegre", "BR"],
      ["Buenos Aires", "AR"],
      ["Montevideo", "UY"],
    ],
  },
  {
    name: "europe-west",
    timeZone: "Europe/Berlin",
    weight: 24,
    cities: [
      ["Berlin", "DE"],
      ["Hamburg", "DE"],
      ["Paris", "FR"],
      ["Lyon", "FR"],
      ["Madrid", "ES"],
      ["Milan", "IT"],
      ["Amsterdam", "NL"],
      ["Stockholm", "SE"],
      ["Warsaw", "PL"],
    ],
  },
  {
    name: "europe-east",
    timeZone: "Europe/Istanbul",
    weight: 8,
    cities: [
      ["Istanbul", "TR"],
      ["Ankara", "TR"],
      ["Izmir", "TR"],
      ["Riyadh", "SA"],
    ],
  },
  {
    name: "south-asia",
    timeZone: "Asia/Kolkata",
    weight: 7,
    cities: [
      ["Mumbai", "IN"],
      ["Bengaluru", "IN"],
      ["Delhi", "IN"],
      ["Chennai", "IN"],
      ["Colombo", "LK"],
    ],
  },
  {
    name: "southeast-asia",
    timeZone: "Asia/Singapore",
    weight: 8,
    cities: [
      ["Singapore", "SG"],
      ["Kuala Lumpur", "MY"],
      ["Manila", "PH"],
      ["Taipei", "TW"],
    ],
  },
  {
    name: "east-asia",
    timeZone: "Asia/Tokyo",
    weight: 6,
    cities: [
      ["Tokyo", "JP"],
      ["Osaka", "JP"],
      ["Nagoya", "JP"],
      ["Seoul", "KR"],
      ["Busan", "KR"],
    ],
  },
];

/** Where rented servers stand that attackers use. */
export const SERVER_SITES: readonly string[] = [
  "Hosting centre, Frankfurt, DE",
  "Hosting centre, Ashburn, US",
  "Hosting centre, Singapore, SG",
  "Hosting centre, Amsterdam, NL",
  "Hosting centre, Bucharest, RO",
];
