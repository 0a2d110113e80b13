/** An SQL literal within a RowSql, whose braces are doubled. */
export function sqlText(text: string): string {
  const escaped = text.replaceAll("'", "''").replace(/[{}]/g, "$&$&");
  return text.includes("\\") ? `E'${escaped.replaceAll("\\", "\\\\")}'` : `'${escaped}'`;
}
