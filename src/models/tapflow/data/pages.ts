/** Pages of the platform, with how often each is looked at. */
export const PAGES: Readonly<Record<string, number>> = {
  "/dashboard": 24,
  "/dashboard/live": 12,
  "/locations": 9,
  "/locations/map": 4,
  "/devices": 9,
  "/devices/health": 6,
  "/devices/firmware": 2,
  "/pours": 8,
  "/pours/anomalies": 3,
  "/inventory": 6,
  "/inventory/kegs": 4,
  "/reports/sales": 5,
  "/reports/waste": 3,
  "/reports/shifts": 3,
  "/alerts": 5,
  "/settings": 2,
  "/settings/users": 1.5,
  "/settings/billing": 1,
  "/help": 1.5,
};

/** What a session is held on. */
export const CLIENT_KINDS = { desktop: 52, mobile: 36, tablet: 12 } as const;
