/** The zones of places in the United States, in a fixed order: columns choose among their calendars by number. */
export const US_TIME_ZONES: readonly string[] = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Phoenix",
  "America/Los_Angeles",
];
