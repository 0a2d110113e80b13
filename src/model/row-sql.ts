/**
 * An SQL expression over a row. `{path}` stands for a column of the row or of a row it refers to, quoted and joined:
 * `{campaign_id.mail_date}`; `{$from}` and `{$to}` for the window's bounds; `{{` and `}}` for braces.
 */
export type RowSql = string;
