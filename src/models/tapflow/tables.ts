/** The names of the model's tables, which its columns refer to each other by. */
export const ACCOUNTS = "app_database_accounts";
export const LOCATIONS = "app_database_locations";
export const DEVICES = "app_database_devices";
export const USERS = "app_database_users";
export const SUBSCRIPTIONS = "app_database_subscriptions";
export const TAP_EVENTS = "tap_events";
export const PAGE_VIEWS = "page_views";
export const FEATURE_USAGE = "feature_usage";
