/** A setting of a schema's own: its name has a dot. */
const NAME = /^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)+$/;

/** Whether a name is that of a setting which a schema asks for by `current_setting`. */
export function isSessionSetting(name: string): boolean {
  return NAME.test(name);
}
