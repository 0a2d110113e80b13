/** Names without their suffix. */
const NAMES: readonly string[] = `
  Main; Oak; Maple; Cedar; Elm; Pine; Walnut; Chestnut; Willow; Birch; Hickory; Sycamore; Magnolia; Juniper; Laurel;
  Aspen; Poplar; Dogwood; Hawthorne; Spruce; Washington; Lincoln; Jefferson; Madison; Jackson; Franklin; Adams; Monroe;
  Grant; Hamilton; Harrison; Cleveland; Lafayette; Douglas; Sherman; Park; Church; Mill; School; Spring; Highland; Lake;
  River; Hill; Ridge; Valley; Meadow; Forest; Prospect; Pleasant; Union; Liberty; Market; Court; Center; Railroad; Bridge;
  College; University; Summit; Sunset; Sunrise; Fairview; Lakeview; Riverside; Woodland; Orchard; Garden; Cherry; Vine;
  Rose; Clover; Fox Run; Deer Creek; Quail Hollow; Stonegate; Brookside; Clearview; Old Mill; Heritage; Colonial;
  Canterbury; Devonshire; Kingston; Windsor; Arlington; Berkshire; Cambridge; Hillcrest; Edgewood; Beechwood; Glenwood;
  Rosewood; Briarwood; Timber Ridge; O'Brien; St. Charles; Martin Luther King Jr.; De Soto; Peña; Second; Third; Fourth;
  Fifth; Sixth; Seventh; Eighth; Ninth`
  .split(";")
  .map((name) => name.trim().replace(/\s+/g, " "));

/** Suffixes and how often each occurs. */
const SUFFIXES = {
  St: 34,
  Ave: 22,
  Rd: 14,
  Dr: 14,
  Ln: 9,
  Ct: 6,
  Blvd: 5,
  Way: 4,
  Pl: 4,
  Cir: 3,
  Ter: 2,
  Pkwy: 2,
  Trl: 1,
};

const STREETS = NAMES.flatMap((name) =>
  Object.entries(SUFFIXES).map(([suffix, weight]) => ({ text: `${name} ${suffix}`, weight })),
);

/** Streets, each name with each suffix. */
export const STREET_TEXTS: readonly string[] = STREETS.map(({ text }) => text);

/** How often each of {@link STREET_TEXTS} occurs. */
export const STREET_WEIGHTS: readonly number[] = STREETS.map(({ weight }) => weight);
