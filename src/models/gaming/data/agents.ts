/** A program that logs in, as it names itself. */
export interface Agent {
  readonly userAgent: string;
  readonly weight: number;
}

/** The game's own programs. All names begin alike, by which their logins are known. */
export const CLIENT_AGENTS: readonly Agent[] = [
  { userAgent: "EmberfallLauncher/4.2.1 (Windows NT 10.0; Win64; x64)", weight: 30 },
  { userAgent: "EmberfallLauncher/4.2.0 (Windows NT 10.0; Win64; x64)", weight: 12 },
  { userAgent: "EmberfallLauncher/4.1.7 (Windows NT 10.0; Win64; x64)", weight: 5 },
  { userAgent: "EmberfallLauncher/4.2.1 (Macintosh; Intel Mac OS X 14_6)", weight: 7 },
  { userAgent: "EmberfallLauncher/4.2.1 (X11; Linux x86_64)", weight: 4 },
  { userAgent: "EmberfallMobile/3.8.0 (iPhone; iOS 17.6.1)", weight: 10 },
  { userAgent: "EmberfallMobile/3.8.0 (iPad; iPadOS 17.6.1)", weight: 3 },
  { userAgent: "EmberfallMobile/3.8.0 (Android 14; Pixel 8)", weight: 5 },
  { userAgent: "EmberfallMobile/3.7.9 (Android 14; SM-S921B)", weight: 8 },
  { userAgent: "EmberfallMobile/3.7.9 (Android 13; Redmi Note 12)", weight: 4 },
];

/** What all of {@link CLIENT_AGENTS} begin with. */
export const CLIENT_PREFIX = "Emberfall";

/** Browsers, through which the game's web page is used. */
export const BROWSER_AGENTS: readonly Agent[] = [
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36",
    weight: 12,
  },
  {
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    weight: 5,
  },
  { userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", weight: 5 },
  {
    userAgent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    weight: 3,
  },
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    weight: 5,
  },
  {
    userAgent:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Mobile Safari/537.36",
    weight: 5,
  },
  { userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", weight: 2 },
];

/** What attackers' programs call themselves. */
export const ATTACK_AGENTS: readonly string[] = [
  "python-requests/2.32.3",
  "Go-http-client/2.0",
  "okhttp/4.12.0",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
];
