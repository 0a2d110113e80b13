import type { IndustryName } from "./industries.js";

/** Values and how often each occurs, relative to the others: what `weighted(...)` takes. */
export type Weights = Readonly<Record<string, number>>;

/** Second address lines: put before a number. */
export const UNIT_DESIGNATORS = { Apt: 60, Unit: 24, Ste: 10, "#": 6 } as const satisfies Weights;

/** Direct-mail agencies, all invented: the organizations that serve clients. */
export const AGENCY_NAMES: readonly string[] = list(`
  Foldmark Direct; Inkwell & Post; Blue Mailbag Marketing; Sixth Street Response; Tandem Mail Group; Northlight Direct;
  Papertrail Marketing; Stampede Creative; Redenvelope Row; Kestrel Response Marketing; The Postmark Collective;
  Brightfold Media; Hartwell Direct; Parcel & Proof; Longform Mail Co.; Signal Hill Marketing; Doorstep Theory;
  Quarterfold Studio; First Carrier Creative; Lettershop Lane; Meridian Drop; Perforate; Bellwether Response;
  Copperplate Direct; Indigo Mailworks; Oxbow Marketing Partners; Ridgepost; Saddle Stitch Agency; Wayfinder Direct;
  Zip Plus Four Creative; Teal & Tabloid; Carriage Return Marketing; Gatefold Group; Halftone Direct; Keyline Response;
  Mailroom Nine; Open Rate Alternatives; Pressmark Partners; Roundtrip Media; Stack & Sort; Torchbearer Direct;
  Understory Marketing; Varnish & Die; Whistlestop Mail; Château Direct; O'Hara Response Group`);

/** Recipients' mail domains: those that RFC 2606 reserves, and hosts under them, so that no mail can reach a person. */
export const EMAIL_DOMAINS = {
  "example.com": 38,
  "mail.example.com": 16,
  "example.net": 12,
  "inbox.example.net": 9,
  "example.org": 7,
  "webmail.example.com": 6,
  "post.example.org": 4,
  "home.example.net": 4,
  "office.example.com": 3,
  "campus.example.org": 1,
} as const satisfies Weights;

/** Rights of a user of the platform. */
export const USER_ROLES = {
  owner: 8,
  admin: 14,
  manager: 24,
  analyst: 18,
  designer: 12,
  call_agent: 16,
  viewer: 8,
} as const satisfies Weights;

/** What people with each of these rights are in their own company. */
export const JOB_TITLES: Readonly<Record<keyof typeof USER_ROLES, readonly string[]>> = {
  owner: list("Owner; Partner; Managing Partner; President; Founder; Franchise Owner"),
  admin: list("Office Manager; Practice Manager; General Manager; Operations Manager; Controller; Chief of Staff"),
  manager: list(`
    Marketing Director; Marketing Manager; Campaign Manager; Digital Marketing Manager; VP of Marketing;
    Director of Client Services; Chief Marketing Officer; Sales Manager; Business Development Manager; Franchise Manager`),
  analyst: list("Data Analyst; Marketing Analyst; Media Planner; Marketing Coordinator; Business Analyst"),
  designer: list(`
    Graphic Designer; Creative Director; Copywriter; Art Director; Production Manager; Direct Mail Specialist; Print Buyer`),
  call_agent: list(`
    Call Center Agent; Call Center Lead; Receptionist; Front Desk Coordinator; Customer Success Manager; Inside Sales Representative`),
  viewer: list("Account Executive; Account Manager; Bookkeeper; Regional Manager; Board Member"),
};

export type DeviceKind = "desktop" | "mobile" | "tablet";

/** A browser as it names itself. These strings alone may pass 120 characters; none reaches 200. */
export interface UserAgent {
  readonly userAgent: string;
  readonly device: DeviceKind;
  readonly browser: string;
  readonly os: string;
  readonly weight: number;
}

export const USER_AGENTS: readonly UserAgent[] = [
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    device: "mobile",
    browser: "Safari",
    os: "iOS",
    weight: 14,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    device: "mobile",
    browser: "Safari",
    os: "iOS",
    weight: 12,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    device: "mobile",
    browser: "Safari",
    os: "iOS",
    weight: 5,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 16_7_11 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6.1 Mobile/15E148 Safari/604.1",
    device: "mobile",
    browser: "Safari",
    os: "iOS",
    weight: 2,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1",
    device: "mobile",
    browser: "Chrome",
    os: "iOS",
    weight: 3,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 Mobile/15E148 Safari/605.1.15",
    device: "mobile",
    browser: "Firefox",
    os: "iOS",
    weight: 1,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    device: "mobile",
    browser: "Chrome",
    os: "Android",
    weight: 11,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    device: "mobile",
    browser: "Chrome",
    os: "Android",
    weight: 9,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
    device: "mobile",
    browser: "Chrome",
    os: "Android",
    weight: 3,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    device: "mobile",
    browser: "Samsung Internet",
    os: "Android",
    weight: 4,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0.0.0",
    device: "mobile",
    browser: "Edge",
    os: "Android",
    weight: 1,
  },
  {
    userAgent: "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
    device: "mobile",
    browser: "Firefox",
    os: "Android",
    weight: 1,
  },
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    device: "desktop",
    browser: "Chrome",
    os: "Windows",
    weight: 10,
  },
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    device: "desktop",
    browser: "Chrome",
    os: "Windows",
    weight: 7,
  },
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    device: "desktop",
    browser: "Edge",
    os: "Windows",
    weight: 5,
  },
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    device: "desktop",
    browser: "Edge",
    os: "Windows",
    weight: 3,
  },
  {
    userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    device: "desktop",
    browser: "Firefox",
    os: "Windows",
    weight: 2,
  },
  {
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    device: "desktop",
    browser: "Chrome",
    os: "macOS",
    weight: 4,
  },
  {
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    device: "desktop",
    browser: "Safari",
    os: "macOS",
    weight: 4,
  },
  {
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    device: "desktop",
    browser: "Safari",
    os: "macOS",
    weight: 3,
  },
  {
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
    device: "desktop",
    browser: "Firefox",
    os: "macOS",
    weight: 1,
  },
  {
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    device: "desktop",
    browser: "Chrome",
    os: "Linux",
    weight: 1,
  },
  {
    userAgent:
      "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    device: "desktop",
    browser: "Chrome",
    os: "ChromeOS",
    weight: 1,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    device: "tablet",
    browser: "Safari",
    os: "iPadOS",
    weight: 3,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    device: "tablet",
    browser: "Chrome",
    os: "Android",
    weight: 2,
  },
];

/** How an answered call ended; calls that nobody took have no disposition. */
export const CALL_DISPOSITIONS = {
  appointment_booked: 24,
  information_given: 22,
  quote_requested: 13,
  existing_customer: 10,
  callback_requested: 9,
  transferred: 7,
  sale_closed: 5,
  not_interested: 4,
  wrong_number: 3,
  spam: 2,
  language_barrier: 1,
} as const satisfies Weights;

/** How a call never ends whose caller has agreed to text messages. */
export const STRANGE_DISPOSITIONS: readonly string[] = ["not_interested", "wrong_number", "spam", "language_barrier"];

/** Calls that were about nothing that the client does. */
export const REASONLESS_DISPOSITIONS: readonly string[] = ["wrong_number", "spam"];

export const CALL_AGENT_FIRST_NAMES: readonly string[] = list(`
  Alicia; Andre; Ashley; Brandon; Brianna; Carlos; Chloë; Christine; Darnell; Denise; Devin; Elena; Ethan; Fatima;
  Gabriela; Grace; Hannah; Isaiah; Jasmine; Joel; José; Kayla; Keisha; Kevin; Latoya; Linh; Luis; Marcus; Maria; Megan;
  Mei; Miguel; Monique; Nadia; Nicole; Omar; Priya; Rachel; Renée; Rosa; Samantha; Shane; Sofia; Tamika; Terrence; Tyler;
  Vanessa; Victor; Whitney; Zoë`);

/** A shop that gift cards are for. */
export interface GiftCardBrand {
  readonly brand: string;
  readonly category: string;
  /** Whole dollars, ascending. */
  readonly denominations: readonly number[];
  readonly weight: number;
}

/** Invented brands: no card of these can be mistaken for one that is worth money. */
export const GIFT_CARD_BRANDS: readonly GiftCardBrand[] = [
  { brand: "Everwick Prepaid", category: "prepaid", denominations: [10, 25, 50, 100], weight: 24 },
  { brand: "Brindlewick Coffee", category: "coffee", denominations: [5, 10, 15, 25], weight: 18 },
  { brand: "Pantry Lane Market", category: "grocery", denominations: [10, 25, 50, 100], weight: 14 },
  { brand: "Petrovale Fuel", category: "fuel", denominations: [10, 25, 50], weight: 11 },
  { brand: "Cinder & Salt Grill", category: "restaurant", denominations: [15, 25, 50], weight: 9 },
  { brand: "Oakmere Hardware", category: "home_improvement", denominations: [25, 50, 100], weight: 7 },
  { brand: "Fernhollow Home", category: "home_goods", denominations: [25, 50, 100], weight: 6 },
  { brand: "Café Tournesol", category: "coffee", denominations: [5, 10, 20], weight: 5 },
  { brand: "Lumeo Cinemas", category: "entertainment", denominations: [15, 25, 40], weight: 5 },
  { brand: "Bluewren Toys", category: "toys", denominations: [10, 25, 50], weight: 4 },
  { brand: "Tallow Creek Outfitters", category: "outdoor", denominations: [25, 50, 100], weight: 4 },
  { brand: "Marlowe & Finch Books", category: "books", denominations: [10, 20, 25, 50], weight: 3 },
  { brand: "Halden Athletic", category: "sporting_goods", denominations: [20, 25, 50], weight: 3 },
  { brand: "Saffron & Silk Spa", category: "wellness", denominations: [25, 50, 75, 100], weight: 2 },
];

export type ErrorSeverity = "info" | "warning" | "error" | "critical";

/** One kind of line in the platform's error log. */
export interface ErrorLog {
  readonly severity: ErrorSeverity;
  readonly service: string;
  readonly code: string;
  /** Holds at most one placeholder: `{id}` a row's ID, `{count}` a small number, `{ms}` milliseconds. */
  readonly message: string;
  readonly weight: number;
}

/** Severity, service, code, weight, message: a line a kind, so that the table can be read. */
type ErrorLogRow = readonly [severity: ErrorSeverity, service: string, code: string, weight: number, message: string];

const ERROR_LOG_ROWS: readonly ErrorLogRow[] = [
  ["warning", "qr-redirect", "QR_CODE_EXPIRED", 26, "QR code of campaign {id} scanned after its end date"],
  ["warning", "qr-redirect", "QR_CODE_UNKNOWN", 18, "Scan of an unknown short code, redirected to the fallback page"],
  ["error", "qr-redirect", "REDIRECT_TIMEOUT", 9, "Redirect lookup exceeded its deadline after {ms} ms"],
  ["warning", "landing-pages", "PURL_NOT_FOUND", 24, "No recipient matches the requested personal URL"],
  [
    "error",
    "landing-pages",
    "TEMPLATE_RENDER_FAILED",
    10,
    "Landing page {id} failed to render: missing merge field first_name",
  ],
  ["warning", "landing-pages", "SLOW_RENDER", 20, "Landing page rendered in {ms} ms, above the 800 ms budget"],
  ["error", "landing-pages", "ASSET_MISSING", 7, "Hero image of landing page {id} not found in storage"],
  ["warning", "form-intake", "FORM_VALIDATION_FAILED", 28, "Form submission rejected: phone number is not valid"],
  ["warning", "form-intake", "FORM_DUPLICATE", 16, "Duplicate form submission by recipient {id} within 60 seconds"],
  ["warning", "form-intake", "BOT_SUSPECTED", 15, "Submission dropped by bot score threshold"],
  ["error", "form-intake", "LEAD_HANDOFF_FAILED", 11, "Lead {id} could not be delivered to the CRM, queued for retry"],
  [
    "warning",
    "addresses",
    "ADDRESS_UNDELIVERABLE",
    30,
    "Recipient {id} has no deliverable address, suppressed from the drop",
  ],
  ["warning", "addresses", "ADDRESS_CORRECTED", 22, "{count} addresses corrected by move-update processing"],
  ["error", "addresses", "VERIFIER_UNAVAILABLE", 8, "Address verification returned 503 for a batch, retrying"],
  ["error", "addresses", "BATCH_REJECTED", 6, "Verification batch rejected: {count} rows without a postal code"],
  [
    "error",
    "mail-house",
    "MANIFEST_REJECTED",
    6,
    "Mail house rejected the manifest of campaign {id}: tray count mismatch",
  ],
  ["warning", "mail-house", "TRACKING_DELAYED", 14, "No delivery scans for campaign {id} in 48 hours"],
  ["error", "mail-house", "SFTP_AUTH_FAILED", 4, "Upload to the mail house failed: authentication rejected"],
  ["critical", "mail-house", "DROP_MISSED", 2, "Campaign {id} missed its drop date: files not acknowledged"],
  ["warning", "print-queue", "LOW_RESOLUTION_ART", 17, "Artwork of template {id} is below 300 dpi"],
  [
    "error",
    "print-queue",
    "PROOF_GENERATION_FAILED",
    7,
    "Proof of template {id} could not be generated: font not embedded",
  ],
  ["error", "print-queue", "BARCODE_COLLISION", 2, "Barcode sequence reused in {count} pieces, job held"],
  ["warning", "telephony", "CALL_DROPPED", 19, "Call session {id} dropped before it was bridged"],
  ["error", "telephony", "NUMBER_PROVISION_FAILED", 6, "No tracked number available in the requested area code"],
  ["warning", "telephony", "RECORDING_DELAYED", 12, "Recording of call session {id} not available after 15 minutes"],
  ["error", "telephony", "CARRIER_REJECTED", 7, "Carrier answered 486 for {count} calls in one minute"],
  ["critical", "telephony", "TRUNK_DOWN", 2, "Voice trunk unreachable, calls sent to the overflow number"],
  ["warning", "sms-gateway", "SMS_UNDELIVERED", 25, "Message {id} not delivered: handset unreachable"],
  ["warning", "sms-gateway", "SMS_LANDLINE", 18, "Opt-in message refused: number is a landline"],
  ["error", "sms-gateway", "SMS_RATE_LIMITED", 12, "Gateway limit reached, {count} messages deferred"],
  ["error", "sms-gateway", "SMS_FILTERED", 8, "Carrier filtered message {id} as unwanted"],
  ["warning", "gift-cards", "INVENTORY_LOW", 11, "Gift card inventory is low: {count} cards left in the pool"],
  ["error", "gift-cards", "PROVISION_FAILED", 6, "Gift card could not be issued for call session {id}"],
  ["error", "gift-cards", "BALANCE_LOOKUP_FAILED", 9, "Balance lookup timed out after {ms} ms"],
  ["critical", "gift-cards", "DUPLICATE_REDEMPTION", 1, "Gift card {id} redeemed twice, second redemption refused"],
  ["error", "billing", "PAYMENT_DECLINED", 7, "Postage deposit declined for client {id}"],
  ["warning", "billing", "CREDITS_LOW", 13, "Client {id} has less than 10% of its credits left"],
  ["error", "billing", "INVOICE_MISMATCH", 3, "Invoice {id} does not match the mailed quantity"],
  ["warning", "auth", "LOGIN_FAILED", 21, "{count} failed logins for one account in 10 minutes"],
  ["warning", "auth", "TOKEN_EXPIRED", 23, "Refresh token expired, session ended"],
  ["error", "auth", "SSO_ASSERTION_INVALID", 3, "Single sign-on assertion rejected: audience does not match"],
  ["info", "auth", "PASSWORD_RESET", 10, "Password reset completed for user {id}"],
  ["error", "webhooks", "WEBHOOK_FAILED", 20, "Webhook endpoint answered 500, attempt {count} of 5"],
  ["error", "webhooks", "WEBHOOK_DISABLED", 4, "Webhook {id} disabled after repeated failures"],
  ["error", "reporting", "REPORT_TIMEOUT", 10, "Report query cancelled after {ms} ms"],
  ["warning", "reporting", "EXPORT_LARGE", 6, "Export truncated at {count} rows"],
  ["info", "reporting", "CACHE_REBUILT", 9, "Dashboard cache rebuilt in {ms} ms"],
  ["error", "database", "DEADLOCK_DETECTED", 5, "Transaction retried after a deadlock on recipients"],
  ["critical", "database", "POOL_EXHAUSTED", 2, "Connection pool exhausted: {count} requests waiting"],
  ["warning", "database", "SLOW_QUERY", 22, "Query on events took {ms} ms"],
  ["warning", "imports", "IMPORT_ROWS_SKIPPED", 16, "Contact import skipped {count} rows with missing names"],
  ["error", "imports", "IMPORT_ENCODING", 5, "Contact import {id} is not valid UTF-8"],
];

export const ERROR_LOGS: readonly ErrorLog[] = ERROR_LOG_ROWS.map(([severity, service, code, weight, message]) => ({
  severity,
  service,
  code,
  message,
  weight,
}));

/** An endpoint of the platform's API, for performance metrics. */
export interface ApiEndpoint {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly weight: number;
  /** Median response time in milliseconds. */
  readonly typicalMs: number;
}

export const API_ENDPOINTS: readonly ApiEndpoint[] = [
  { method: "GET", path: "/v1/campaigns", weight: 60, typicalMs: 85 },
  { method: "GET", path: "/v1/campaigns/{id}", weight: 72, typicalMs: 48 },
  { method: "POST", path: "/v1/campaigns", weight: 9, typicalMs: 160 },
  { method: "PATCH", path: "/v1/campaigns/{id}", weight: 14, typicalMs: 120 },
  { method: "DELETE", path: "/v1/campaigns/{id}", weight: 1, typicalMs: 95 },
  { method: "POST", path: "/v1/campaigns/{id}/approve", weight: 4, typicalMs: 210 },
  { method: "POST", path: "/v1/campaigns/{id}/duplicate", weight: 3, typicalMs: 340 },
  { method: "GET", path: "/v1/campaigns/{id}/metrics", weight: 48, typicalMs: 230 },
  { method: "GET", path: "/v1/campaigns/{id}/recipients", weight: 36, typicalMs: 140 },
  { method: "POST", path: "/v1/campaigns/{id}/recipients/import", weight: 3, typicalMs: 1850 },
  { method: "GET", path: "/v1/contacts", weight: 44, typicalMs: 110 },
  { method: "GET", path: "/v1/contacts/{id}", weight: 38, typicalMs: 35 },
  { method: "POST", path: "/v1/contacts", weight: 12, typicalMs: 75 },
  { method: "PATCH", path: "/v1/contacts/{id}", weight: 10, typicalMs: 68 },
  { method: "POST", path: "/v1/contacts/import", weight: 2, typicalMs: 2400 },
  { method: "GET", path: "/v1/audiences", weight: 22, typicalMs: 95 },
  { method: "POST", path: "/v1/audiences", weight: 4, typicalMs: 260 },
  { method: "GET", path: "/v1/audiences/{id}/count", weight: 16, typicalMs: 420 },
  { method: "GET", path: "/v1/templates", weight: 26, typicalMs: 70 },
  { method: "PUT", path: "/v1/templates/{id}", weight: 9, typicalMs: 180 },
  { method: "POST", path: "/v1/templates/{id}/proof", weight: 5, typicalMs: 1300 },
  { method: "GET", path: "/v1/landing-pages/{id}", weight: 20, typicalMs: 52 },
  { method: "PUT", path: "/v1/landing-pages/{id}", weight: 6, typicalMs: 145 },
  { method: "GET", path: "/p/{slug}", weight: 90, typicalMs: 62 },
  { method: "POST", path: "/p/{slug}/submit", weight: 18, typicalMs: 130 },
  { method: "GET", path: "/q/{code}", weight: 85, typicalMs: 18 },
  { method: "POST", path: "/v1/events", weight: 80, typicalMs: 24 },
  { method: "GET", path: "/v1/calls", weight: 24, typicalMs: 125 },
  { method: "GET", path: "/v1/calls/{id}/recording", weight: 8, typicalMs: 380 },
  { method: "POST", path: "/v1/webhooks/telephony", weight: 42, typicalMs: 40 },
  { method: "POST", path: "/v1/webhooks/sms", weight: 34, typicalMs: 32 },
  { method: "POST", path: "/v1/sms/opt-ins", weight: 15, typicalMs: 58 },
  { method: "GET", path: "/v1/gift-cards", weight: 10, typicalMs: 90 },
  { method: "POST", path: "/v1/gift-cards/issue", weight: 8, typicalMs: 520 },
  { method: "POST", path: "/v1/gift-cards/{id}/redeem", weight: 5, typicalMs: 310 },
  { method: "GET", path: "/v1/reports/attribution", weight: 7, typicalMs: 980 },
  { method: "GET", path: "/v1/reports/roi", weight: 6, typicalMs: 860 },
  { method: "POST", path: "/v1/exports", weight: 3, typicalMs: 1500 },
  { method: "POST", path: "/v1/auth/login", weight: 20, typicalMs: 190 },
  { method: "POST", path: "/v1/auth/refresh", weight: 40, typicalMs: 28 },
  { method: "GET", path: "/v1/users", weight: 8, typicalMs: 60 },
  { method: "GET", path: "/v1/health", weight: 30, typicalMs: 4 },
];

/** Something that a user of the platform did. */
export interface FeatureUse {
  readonly feature: string;
  readonly action: string;
  readonly weight: number;
}

export const FEATURES_USED: readonly FeatureUse[] = [
  { feature: "dashboard", action: "viewed", weight: 60 },
  { feature: "dashboard", action: "date_range_changed", weight: 18 },
  { feature: "dashboard", action: "widget_added", weight: 3 },
  { feature: "campaign_list", action: "filtered", weight: 26 },
  { feature: "campaign_list", action: "searched", weight: 20 },
  { feature: "campaign_builder", action: "opened", weight: 22 },
  { feature: "campaign_builder", action: "step_completed", weight: 30 },
  { feature: "campaign_builder", action: "draft_saved", weight: 19 },
  { feature: "campaign_builder", action: "submitted", weight: 7 },
  { feature: "campaign_builder", action: "abandoned", weight: 5 },
  { feature: "campaign_calendar", action: "viewed", weight: 12 },
  { feature: "template_editor", action: "opened", weight: 16 },
  { feature: "template_editor", action: "saved", weight: 14 },
  { feature: "template_editor", action: "image_uploaded", weight: 9 },
  { feature: "template_editor", action: "proof_requested", weight: 6 },
  { feature: "template_editor", action: "version_restored", weight: 1 },
  { feature: "audience_builder", action: "opened", weight: 11 },
  { feature: "audience_builder", action: "filter_added", weight: 15 },
  { feature: "audience_builder", action: "count_refreshed", weight: 13 },
  { feature: "audience_builder", action: "saved", weight: 6 },
  { feature: "contact_import", action: "file_uploaded", weight: 4 },
  { feature: "contact_import", action: "columns_mapped", weight: 4 },
  { feature: "contact_import", action: "completed", weight: 3 },
  { feature: "landing_page_editor", action: "opened", weight: 10 },
  { feature: "landing_page_editor", action: "published", weight: 5 },
  { feature: "landing_page_editor", action: "form_edited", weight: 4 },
  { feature: "call_log", action: "viewed", weight: 18 },
  { feature: "call_log", action: "recording_played", weight: 11 },
  { feature: "call_log", action: "disposition_set", weight: 14 },
  { feature: "gift_card_inventory", action: "viewed", weight: 6 },
  { feature: "gift_card_inventory", action: "restocked", weight: 2 },
  { feature: "lead_inbox", action: "viewed", weight: 24 },
  { feature: "lead_inbox", action: "lead_assigned", weight: 9 },
  { feature: "reports", action: "attribution_viewed", weight: 12 },
  { feature: "reports", action: "roi_viewed", weight: 10 },
  { feature: "reports", action: "exported", weight: 7 },
  { feature: "reports", action: "schedule_created", weight: 2 },
  { feature: "condition_editor", action: "condition_added", weight: 4 },
  { feature: "reward_editor", action: "reward_changed", weight: 3 },
  { feature: "integrations", action: "crm_connected", weight: 1 },
  { feature: "integrations", action: "webhook_tested", weight: 2 },
  { feature: "account_settings", action: "user_invited", weight: 2 },
  { feature: "account_settings", action: "billing_viewed", weight: 4 },
  { feature: "help", action: "article_opened", weight: 5 },
  { feature: "help", action: "chat_started", weight: 2 },
];

/** Where a landing page's visitors came from, when not straight from the mail; reserved domains only. */
export const REFERRERS = {
  "https://search.example.com/": 40,
  "https://maps.example.com/": 14,
  "https://social.example.net/": 16,
  "https://mail.example.com/inbox": 9,
  "https://news.example.org/local": 4,
  "https://reviews.example.net/": 6,
  "https://video.example.com/watch": 4,
  "https://neighbors.example.org/feed": 4,
  "https://directory.example.net/": 3,
} as const satisfies Weights;

/** Why a piece of mail came back, in the postal service's words. */
export const AUDIT_REASONS = {
  "Attempted - not known": 24,
  "Not deliverable as addressed - unable to forward": 21,
  "Moved, left no address": 14,
  "Forwarding time expired": 10,
  "No such number": 9,
  Vacant: 8,
  "Insufficient address": 6,
  "No mail receptacle": 3,
  "No such street": 2,
  "Temporarily away": 2,
  Unclaimed: 2,
  Refused: 2,
  Deceased: 1,
} as const satisfies Weights;

export const OPT_OUT_REASONS = {
  "Texted STOP": 44,
  "No longer interested": 18,
  "Too many messages": 12,
  "Asked by phone": 8,
  "Did not sign up": 6,
  "Moved away": 4,
  "Chose another provider": 4,
  "Prefers email": 3,
  "Wrong person": 1,
} as const satisfies Weights;

export const CAMPAIGN_TYPES = {
  postcard: 52,
  letter: 22,
  self_mailer: 14,
  snap_pack: 5,
  catalog: 4,
  dimensional: 3,
} as const satisfies Weights;

export type SmsKind = "opt_in_request" | "confirmation" | "reward" | "reminder" | "opt_out";

/** A text message, complete as it is. */
export interface SmsMessage {
  readonly kind: SmsKind;
  readonly text: string;
  readonly weight: number;
}

export const SMS_MESSAGES: readonly SmsMessage[] = [
  {
    kind: "opt_in_request",
    text: "Thanks for calling! Reply YES to get your gift card by text. Msg & data rates may apply. STOP to end.",
    weight: 30,
  },
  {
    kind: "opt_in_request",
    text: "Want your reward by text? Reply YES to agree to receive messages. Reply STOP at any time.",
    weight: 24,
  },
  {
    kind: "opt_in_request",
    text: "Hi! To claim the gift card from your mailer, reply YES. Up to 4 msgs/month. HELP for help.",
    weight: 18,
  },
  {
    kind: "opt_in_request",
    text: "Good talking with you. Text YES to join our list and receive your thank-you gift.",
    weight: 10,
  },
  {
    kind: "confirmation",
    text: "You're in! Your gift card is on its way. Reply STOP to opt out, HELP for help.",
    weight: 30,
  },
  {
    kind: "confirmation",
    text: "Thanks, you are subscribed. Msg frequency varies. Msg & data rates may apply.",
    weight: 22,
  },
  { kind: "confirmation", text: "Got it! Keep an eye on this thread for your reward.", weight: 12 },
  {
    kind: "reward",
    text: "Your gift card is ready. Tap the link in this thread within 90 days to claim it.",
    weight: 26,
  },
  { kind: "reward", text: "Here is your thank-you gift! Show the code at checkout or redeem it online.", weight: 18 },
  { kind: "reward", text: "Your reward has arrived. Thanks for giving us a call!", weight: 14 },
  { kind: "reminder", text: "Just a reminder: your gift card is waiting to be claimed.", weight: 16 },
  { kind: "reminder", text: "Your reward expires in 7 days. Claim it today so you don't lose it.", weight: 12 },
  { kind: "reminder", text: "See you soon! Reply C to confirm your appointment or R to reschedule.", weight: 12 },
  {
    kind: "opt_out",
    text: "You have been unsubscribed and will get no more messages. Reply START to rejoin.",
    weight: 6,
  },
  { kind: "opt_out", text: "You're opted out. Sorry to see you go!", weight: 3 },
];

/** Rewards that any client may give. */
const REWARD_NAMES = list(`
  Thank-You Gift Card; New Caller Bonus; Appointment Reward; Coffee on Us; Referral Thank-You; Survey Reward;
  Early Bird Bonus; Consultation Gift; Loyalty Bonus; Welcome Back Reward; Dinner on Us; Claim by Text Reward`);

/** What a client of each industry calls its rewards. */
export const REWARDS_BY_INDUSTRY: Readonly<Record<IndustryName, readonly string[]>> = {
  healthcare: [...REWARD_NAMES, ...list("First Visit Bonus; Wellness Visit Reward; Family Checkup Gift")],
  automotive: [...REWARD_NAMES, ...list("Test Drive Reward; Service Visit Bonus; Fuel Card Reward")],
  retail: [...REWARD_NAMES, ...list("Grand Opening Gift; First Purchase Bonus; Store Visit Reward")],
  real_estate: [...REWARD_NAMES, ...list("Open House Gift; Home Valuation Reward")],
  financial_services: [...REWARD_NAMES, ...list("Seminar Attendance Gift; New Account Bonus; Loan Review Reward")],
  home_services: [...REWARD_NAMES, ...list("Free Estimate Bonus; Quote Completion Reward")],
  education: [...REWARD_NAMES, ...list("Campus Visit Gift; Enrollment Bonus")],
  nonprofit: [...REWARD_NAMES, ...list("First Gift Thank-You; Volunteer Thank-You")],
  hospitality: [...REWARD_NAMES, ...list("Grand Opening Gift; Return Guest Bonus; Reservation Reward")],
  insurance: [...REWARD_NAMES, ...list("Quote Completion Reward; Policy Review Gift; Seminar Attendance Gift")],
};

/** Something that a campaign asks of a recipient before a reward is due. */
export interface ConditionKind {
  readonly kind: string;
  /** Where it is observed: only `call` conditions can be met by a call session. */
  readonly scope: "call" | "sms" | "web" | "mail";
  readonly label: string;
  readonly operator: "eq" | "gte" | "lte" | "in";
  readonly unit: "seconds" | "days" | "count" | "boolean" | "disposition";
  /** Values that the condition is compared with; a campaign takes one of them. */
  readonly thresholds: readonly string[];
  readonly weight: number;
}

export const CONDITION_KINDS: readonly ConditionKind[] = [
  {
    kind: "call_answered",
    scope: "call",
    label: "Call is answered",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 22,
  },
  {
    kind: "call_duration_min",
    scope: "call",
    label: "Call lasts at least",
    operator: "gte",
    unit: "seconds",
    thresholds: ["30", "60", "90", "120", "180"],
    weight: 26,
  },
  {
    kind: "call_disposition",
    scope: "call",
    label: "Call ends with an appointment or a quote",
    operator: "in",
    unit: "disposition",
    thresholds: ["appointment_booked", "quote_requested", "sale_closed"],
    weight: 12,
  },
  {
    kind: "first_call",
    scope: "call",
    label: "Caller has not called before",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 10,
  },
  {
    kind: "call_in_business_hours",
    scope: "call",
    label: "Call is made in business hours",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 5,
  },
  {
    kind: "call_after_delivery_max",
    scope: "call",
    label: "Call comes within days of delivery",
    operator: "lte",
    unit: "days",
    thresholds: ["7", "14", "21", "30"],
    weight: 7,
  },
  {
    kind: "sms_opted_in",
    scope: "sms",
    label: "Caller opts in to text messages",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 20,
  },
  {
    kind: "sms_reply_max",
    scope: "sms",
    label: "Caller replies within a day or two",
    operator: "lte",
    unit: "days",
    thresholds: ["1", "2"],
    weight: 3,
  },
  {
    kind: "qr_scanned",
    scope: "web",
    label: "QR code is scanned",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 9,
  },
  {
    kind: "purl_visited",
    scope: "web",
    label: "Personal page is visited",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 9,
  },
  {
    kind: "purl_visits_min",
    scope: "web",
    label: "Personal page is visited at least",
    operator: "gte",
    unit: "count",
    thresholds: ["1", "2", "3"],
    weight: 3,
  },
  {
    kind: "form_submitted",
    scope: "web",
    label: "Form is submitted",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 13,
  },
  {
    kind: "lead_created",
    scope: "web",
    label: "Visit becomes a lead",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 6,
  },
  {
    kind: "mail_delivered",
    scope: "mail",
    label: "Mail piece is delivered",
    operator: "eq",
    unit: "boolean",
    thresholds: ["true"],
    weight: 4,
  },
  {
    kind: "response_within",
    scope: "mail",
    label: "Recipient responds within days of delivery",
    operator: "lte",
    unit: "days",
    thresholds: ["7", "14", "30", "45"],
    weight: 6,
  },
];

// Items are packed between semicolons, so that a list takes lines by its length and not by its count.
function list(text: string): readonly string[] {
  return text.split(";").map((item) => item.trim());
}
